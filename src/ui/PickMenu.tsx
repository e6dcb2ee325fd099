import type { ReactNode } from "react";

export interface PickMenuProps {
  readonly label: string;
  /** Said in place of the label where that is too short to stand alone. */
  readonly name?: string;
  readonly items: readonly string[];
  readonly onPick: (index: number) => void;
  readonly disabled?: boolean;
}

/** A menu that does something with the picked item and then rests on its label again. */
export function PickMenu({ label, name = label, items, onPick, disabled }: PickMenuProps): ReactNode {
  if (items.length === 0) return null;
  return (
    <select className="pick-menu" aria-label={name} value="" disabled={disabled} onChange={(event) => onPick(Number(event.target.value))}>
      <option value="" disabled hidden>
        {label}
      </option>
      {items.map((item, index) => (
        <option key={item} value={index}>
          {item}
        </option>
      ))}
    </select>
  );
}
