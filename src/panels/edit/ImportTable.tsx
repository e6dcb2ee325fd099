import { useState } from "react";
import type { ReactNode } from "react";
import type { ImportedDrafts, RowProblem } from "../../engine/protocol.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { Button } from "../../ui/Button.tsx";

export interface ImportTableProps {
  readonly facts: ImportedDrafts;
  /** Rows that the person took out. */
  readonly without: ReadonlySet<number>;
  /** Rows that go into the queue as it stands. */
  readonly taken: ReadonlySet<number>;
  readonly onWithout: (rows: ReadonlySet<number>) => void;
}

type Draft = ImportedDrafts["drafts"][number];
type Line = { readonly row: number } & ({ readonly draft: Draft["draft"] } | { readonly problem: RowProblem });

/** Rows on show at a time. */
const PAGE = 50;

/** Edits and faults of a file in the order of its rows. */
function linesOf({ drafts, problems }: ImportedDrafts): readonly Line[] {
  const faults = problems.map((problem): Line => ({ row: problem.row, problem }));
  return [...faults, ...drafts].toSorted((a, b) => a.row - b.row);
}

export function ImportTable({ facts, without, taken, onWithout }: ImportTableProps): ReactNode {
  const words = useTexts().imports;
  const [from, setFrom] = useState(0);
  const lines = linesOf(facts);
  const page = lines.slice(from, from + PAGE);
  const unseen = facts.problemCount - facts.problems.length;
  const choose = (row: number, chosen: boolean): void => {
    const next = new Set(without);
    if (chosen) next.delete(row);
    else next.add(row);
    onWithout(next);
  };
  return (
    <>
      <div className="import-scroll" tabIndex={0} role="group" aria-label={words.table}>
        <table className="import-table">
          <thead>
            <tr>
              <th scope="col">
                <AllRows facts={facts} without={without} onWithout={onWithout} />
              </th>
              {Object.values(words.columns).map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {page.map((line, i) =>
              "problem" in line ? (
                <ProblemRow key={`problem ${from + i}`} problem={line.problem} />
              ) : (
                <DraftRow
                  key={line.row}
                  line={line}
                  chosen={!without.has(line.row)}
                  taken={taken.has(line.row)}
                  onChoose={(chosen) => choose(line.row, chosen)}
                />
              ),
            )}
          </tbody>
        </table>
      </div>
      {unseen > 0 && <p className="faint">{words.moreProblems(unseen)}</p>}
      {lines.length > PAGE && (
        <div className="import-line">
          <Button tone="quiet" disabled={from === 0} onClick={() => setFrom(from - PAGE)}>
            {words.earlier}
          </Button>
          <span role="status">{words.page(from + 1, from + page.length, lines.length)}</span>
          <Button tone="quiet" disabled={from + PAGE >= lines.length} onClick={() => setFrom(from + PAGE)}>
            {words.later}
          </Button>
        </div>
      )}
    </>
  );
}

function AllRows({ facts, without, onWithout }: Omit<ImportTableProps, "taken">): ReactNode {
  const words = useTexts().imports;
  const some = without.size > 0 && without.size < facts.drafts.length;
  return (
    <label className="import-choice">
      <input
        type="checkbox"
        aria-label={words.all}
        checked={without.size === 0}
        ref={(box) => {
          if (box) box.indeterminate = some;
        }}
        onChange={(event) => onWithout(new Set(event.target.checked ? [] : facts.drafts.map(({ row }) => row)))}
      />
    </label>
  );
}

interface DraftRowProps {
  readonly line: Draft;
  readonly chosen: boolean;
  readonly taken: boolean;
  readonly onChoose: (chosen: boolean) => void;
}

function DraftRow({ line: { row, draft }, chosen, taken, onChoose }: DraftRowProps): ReactNode {
  const words = useTexts().imports;
  return (
    <tr data-taken={taken || undefined}>
      <td>
        <label className="import-choice">
          <input type="checkbox" aria-label={words.choose(row)} checked={chosen} onChange={(event) => onChoose(event.target.checked)} />
        </label>
      </td>
      <th scope="row">{row}</th>
      <td>{draft.prompt}</td>
      <td>{draft.answer}</td>
      <td>{draft.subject}</td>
      <td title={draft.rephrasings.join("\n")}>{draft.rephrasings.length || ""}</td>
    </tr>
  );
}

function ProblemRow({ problem: { row, field, got, expected } }: { readonly problem: RowProblem }): ReactNode {
  const words = useTexts().imports;
  return (
    <tr className="import-problem">
      <th scope="row" colSpan={2}>
        {row === 0 ? words.wholeFile : row}
      </th>
      <td colSpan={4}>{words.problem(field, got, expected)}</td>
    </tr>
  );
}
