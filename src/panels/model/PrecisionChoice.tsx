import type { ReactNode } from "react";
import type { CheckedModel, Precision, PrecisionFacts } from "../../engine/protocol.ts";
import { distinctPrecisions } from "../../store/choiceSlice.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { problemText } from "../problemText.ts";
import { formatBytes } from "../../ui/format.ts";
import { Term } from "../../ui/Term.tsx";

export interface PrecisionChoiceProps {
  readonly model: CheckedModel;
  readonly chosen: Precision | null;
  readonly onChange: (precision: Precision) => void;
}

/** The ways of keeping the weights, each with what it takes and whether this device has it. */
export function PrecisionChoice({ model, chosen, onChange }: PrecisionChoiceProps): ReactNode {
  const words = useTexts().check;
  const { columns } = words;
  return (
    <fieldset className="precision-choice">
      <legend>{words.keepAs}</legend>
      <table className="choice-table">
        <thead>
          <tr>
            <th scope="col">{columns.precision}</th>
            <th scope="col">
              <Term hint={columns.weights[1]}>{columns.weights[0]}</Term>
            </th>
            <th scope="col">
              <Term hint={columns.other[1]}>{columns.other[0]}</Term>
            </th>
            <th scope="col">{columns.fits}</th>
          </tr>
        </thead>
        <tbody>
          {distinctPrecisions(model).map((facts) => (
            <PrecisionRow key={facts.precision} facts={facts} checked={facts.precision === chosen} onChange={onChange} />
          ))}
        </tbody>
      </table>
    </fieldset>
  );
}

interface PrecisionRowProps {
  readonly facts: PrecisionFacts;
  readonly checked: boolean;
  readonly onChange: (precision: Precision) => void;
}

function PrecisionRow({ facts, checked, onChange }: PrecisionRowProps): ReactNode {
  const texts = useTexts();
  const words = texts.check;
  const { precision, quantization, weightBytes, otherBytes, problem } = facts;
  return (
    <tr>
      <th scope="row">
        <label className="check">
          <input type="radio" name="precision" checked={checked} disabled={problem !== null} onChange={() => onChange(precision)} />
          {words.precisions[precision]} <span className="faint-text">{quantization}</span>
        </label>
      </th>
      <td data-label={words.columns.weights[0]}>{formatBytes(weightBytes)}</td>
      <td data-label={words.columns.other[0]}>{formatBytes(otherBytes)}</td>
      <td data-label={words.columns.fits}>{problem ? <span className="misfit">{problemText(texts, problem)}</span> : words.fits}</td>
    </tr>
  );
}
