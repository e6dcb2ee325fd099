import type { ReactNode } from "react";
import type { ModelFacts } from "../../engine/protocol.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { formatFixed } from "../../ui/format.ts";
import { answersAt } from "./dial.ts";
import type { DialEntry } from "./dial.ts";

export interface DialListProps {
  readonly entries: readonly DialEntry[];
  readonly threshold: number;
  readonly method: ModelFacts["method"];
}

/** The prompts with who answers each at a threshold. */
export function DialList({ entries, threshold, method }: DialListProps): ReactNode {
  const words = useTexts().microscope.dial;
  return (
    <div className="microscope-scroll" tabIndex={0} role="group" aria-label={words.list}>
      <table className="microscope-table">
        <thead>
          <tr>
            {Object.values(words.columns).map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {entries.map(({ text, source, edit, turns, nearest }) => {
            const answered = answersAt(turns, threshold, method);
            return (
              <tr key={text} data-answered={answered || undefined}>
                <th scope="row">{text}</th>
                <td className="faint-text">
                  {words.sources[source]} {edit}
                </td>
                <td>{turns === null ? words.never : method === "paper" ? turns : formatFixed(turns, 2)}</td>
                <td className="dial-answer">{answered ? words.edited(nearest) : words.deferred}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
