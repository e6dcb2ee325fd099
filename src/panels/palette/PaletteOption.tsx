import type { ReactNode } from "react";
import { useTexts } from "../../texts/useTexts.ts";
import { KeyCaps } from "../../ui/KeyCaps.tsx";
import { isMac, keyNames } from "./keys.ts";
import type { Offer } from "./Palette.tsx";

export interface PaletteOptionProps {
  readonly id: string;
  readonly offer: Offer;
  /** The first of its group. */
  readonly head: boolean;
  readonly current: boolean;
  readonly onPoint: () => void;
  readonly onRun: () => void;
}

/** One command: its name, and its key or why it has to wait. */
export function PaletteOption({ id, offer, head, current, onPoint, onRun }: PaletteOptionProps): ReactNode {
  const words = useTexts().palette;
  const key = offer.command.keys?.[0];
  const waits = offer.standing === "not-now";
  return (
    <div
      className="palette-option"
      role="option"
      // The keys stay in the field above.
      tabIndex={-1}
      id={id}
      aria-selected={current}
      aria-disabled={waits}
      data-head={head || undefined}
      // Moving under a pointer that rests is no pointing.
      onPointerMove={current ? undefined : onPoint}
      // A click leaves the keys where they are.
      onMouseDown={(event) => event.preventDefault()}
      onClick={onRun}
      onKeyDown={(event) => event.key === "Enter" && onRun()}
    >
      <span className="palette-group">{offer.group}</span>
      <span className="palette-name">{offer.name}</span>
      {waits && <span className="palette-waits">{words.notNow}</span>}
      {key !== undefined && <KeyCaps names={keyNames(key, words.keyNames, isMac())} />}
    </div>
  );
}
