import type { ReactNode } from "react";
import { useTexts } from "../../texts/useTexts.ts";

export interface LayerChoiceProps {
  readonly count: number;
  readonly chosen: readonly number[];
  readonly error: string | undefined;
  readonly onChange: (layers: readonly number[]) => void;
}

export function LayerChoice({ count, chosen, error, onChange }: LayerChoiceProps): ReactNode {
  const texts = useTexts();
  const toggle = (layer: number): void => {
    const next = chosen.includes(layer) ? chosen.filter((other) => other !== layer) : [...chosen, layer];
    onChange(next.sort((a, b) => a - b));
  };
  return (
    <fieldset className="layer-choice">
      <legend>{texts.settings.layers}</legend>
      <div>
        {Array.from({ length: count }, (_, layer) => (
          <label key={layer}>
            <input type="checkbox" checked={chosen.includes(layer)} onChange={() => toggle(layer)} />
            <span>{layer}</span>
          </label>
        ))}
      </div>
      {error ? <p className="field-error">{error}</p> : <p className="field-note">{texts.settings.layersNote}</p>}
    </fieldset>
  );
}
