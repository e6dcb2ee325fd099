import type { ReactNode } from "react";
import { useLab } from "../../store/lab.ts";
import { useTexts } from "../../texts/useTexts.ts";
import type { CodeRow } from "./codes.ts";

export interface CodesTableProps {
  readonly rows: readonly CodeRow[];
  /** Experts of a layer. */
  readonly size: number;
  readonly nameOf: (edit: number | null) => string;
}

/** Codes and their distances, with the prompts they belong to. */
export function CodesTable({ rows, size, nameOf }: CodesTableProps): ReactNode {
  const words = useTexts().microscope.codes;
  const edits = useLab((state) => state.edit.edits);
  const prompt = useLab((state) => state.routing.text);
  return (
    <div className="microscope-scroll" tabIndex={0} role="group" aria-label={words.caption}>
      <table className="microscope-table">
        <caption>{words.caption}</caption>
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
          {rows.map(({ edit, code, distance }) => (
            <tr key={edit ?? "prompt"}>
              <th scope="row">{nameOf(edit)}</th>
              <td>{distance}</td>
              <td className="codes-bits">{groupsOf(code, size).join(" ")}</td>
              <td>{edit === null ? prompt : edits.find(({ id }) => id === edit)?.prompt}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const groupsOf = (code: readonly number[], size: number): string[] =>
  Array.from({ length: Math.ceil(code.length / size) }, (_, group) => code.slice(group * size, (group + 1) * size).join(""));
