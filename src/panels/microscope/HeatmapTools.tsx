import { memo } from "react";
import type { ReactNode } from "react";
import { useMicroscope, useMicroscopeParts } from "../../store/microscope.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { Button } from "../../ui/Button.tsx";
import { CheckField, SelectField, TextField } from "../../ui/Field.tsx";

export interface HeatmapChoice {
  readonly which: "a" | "b" | "difference";
  /** A layer by its place among the mixture's; null for all. */
  readonly group: number | null;
  readonly whole: boolean;
  readonly pickedOnly: boolean;
  readonly asTable: boolean;
}

export interface HeatmapToolsProps {
  readonly choice: HeatmapChoice;
  readonly layers: readonly number[];
  readonly onChange: (choice: Partial<HeatmapChoice>) => void;
}

const SHOWN = ["a", "b", "difference"] as const;

/** What the heatmap shows, and how; not drawn anew with each row or step of the cursor. */
export const HeatmapTools = memo(function Tools({ choice, layers, onChange }: HeatmapToolsProps): ReactNode {
  const { heatmap: words, asPicture, asTable } = useTexts().microscope;
  const { actions } = useMicroscopeParts();
  const other = useMicroscope((state) => state.other.text);
  const type = (text: string): void => {
    actions.typeOther(text);
    // What is typed is wanted on the screen: first as the difference.
    if (choice.which === "a") onChange({ which: "difference" });
  };
  return (
    <div className="microscope-tools">
      <div className="segments" role="group" aria-label={words.which}>
        {SHOWN.map((which) => (
          <Button key={which} aria-pressed={choice.which === which} onClick={() => onChange({ which })}>
            {words.shown[which]}
          </Button>
        ))}
      </div>
      <div className="microscope-other">
        <TextField label={words.other[0]} hint={words.other[1]} value={other} onChange={type} />
      </div>
      <SelectField
        label={words.layer[0]}
        hint={words.layer[1]}
        value={String(choice.group)}
        options={[
          { value: "null", label: words.allLayers },
          ...layers.map((layer, group) => ({ value: String(group), label: String(layer) })),
        ]}
        onChange={(value) => onChange({ group: value === "null" ? null : Number(value) })}
      />
      <CheckField label={words.whole[0]} hint={words.whole[1]} checked={choice.whole} onChange={(whole) => onChange({ whole })} />
      <CheckField
        label={words.pickedOnly[0]}
        hint={words.pickedOnly[1]}
        checked={choice.pickedOnly}
        onChange={(pickedOnly) => onChange({ pickedOnly })}
      />
      <Button
        tone="quiet"
        disabled={choice.which === "difference"}
        aria-pressed={choice.asTable}
        onClick={() => onChange({ asTable: !choice.asTable })}
      >
        {choice.asTable ? asPicture : asTable}
      </Button>
    </div>
  );
});
