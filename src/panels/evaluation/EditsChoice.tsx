import type { ReactNode } from "react";
import type { EditsFacts } from "../../engine/protocol.ts";
import { runningOf } from "../../store/evaluationSlice.ts";
import { useActions, useLab } from "../../store/lab.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { Button } from "../../ui/Button.tsx";
import { FilePick } from "../../ui/FilePick.tsx";
import { formatCount } from "../../ui/format.ts";
import { Stat, StatList } from "../../ui/Stat.tsx";
import { Problem } from "../Problem.tsx";

/** Which edits are evaluated, and what is in them before anything is started. */
export function EditsChoice(): ReactNode {
  const words = useTexts().evaluation.edits;
  const edits = useLab((state) => state.evaluation.edits);
  const running = useLab((state) => runningOf(state.evaluation) !== null);
  const { chooseBuiltInEdits, chooseEditsFile } = useActions();
  const take = ([file]: Iterable<File>): void => {
    if (file && !running) void chooseEditsFile(file);
  };
  return (
    <section
      className="evaluation-edits"
      aria-label={words.title}
      data-drop="edits"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        take(event.dataTransfer.files);
      }}
    >
      <h3>{words.title}</h3>
      <div className="evaluation-line">
        <Button
          title={words.builtInHint}
          aria-pressed={edits.builtIn && edits.status !== "none"}
          disabled={running}
          onClick={() => void chooseBuiltInEdits()}
        >
          {words.builtIn}
        </Button>
        <FilePick label={words.pick} hint={words.pickHint} disabled={running} onPick={take} />
      </div>
      <p className="field-note">{words.drop}</p>
      {edits.status === "reading" && <p role="status">{words.reading(edits.name)}</p>}
      {edits.error && (
        <Problem error={edits.error} title={words.failed}>
          {edits.builtIn && <Button onClick={() => void chooseBuiltInEdits()}>{words.again}</Button>}
        </Problem>
      )}
      {edits.facts && <EditsPreview facts={edits.facts} file={edits.name} />}
    </section>
  );
}

function EditsPreview({ facts, file }: { readonly facts: EditsFacts; readonly file: string }): ReactNode {
  const words = useTexts().evaluation.edits;
  const counts = { records: facts.records, ...facts.counts };
  return (
    <>
      <p>
        <strong>{words.from(facts.name, file)}</strong>
      </p>
      <StatList>
        {Object.entries(words.counts).map(([name, [label, hint]]) => (
          <Stat key={name} label={label} hint={hint}>
            {formatCount(counts[name as keyof typeof counts])}
          </Stat>
        ))}
      </StatList>
      {facts.problemCount > 0 && <EditsProblems facts={facts} />}
      <div className="evaluation-scroll" tabIndex={0} role="group" aria-label={words.first}>
        <table className="evaluation-table">
          <caption>{words.first}</caption>
          <thead>
            <tr>
              <th scope="col">{words.columns.prompt}</th>
              <th scope="col">{words.columns.answer}</th>
              <th scope="col">{words.columns.more}</th>
            </tr>
          </thead>
          <tbody>
            {facts.first.map(({ id, prompt, answer, rephrasings, heldOut, locality }) => (
              <tr key={id}>
                <td>{prompt}</td>
                <td>{answer}</td>
                <td className="faint-text">{words.more(rephrasings.length, heldOut.length, locality.length)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function EditsProblems({ facts }: { readonly facts: EditsFacts }): ReactNode {
  const words = useTexts().evaluation.edits;
  const { problemColumns: columns } = words;
  const more = facts.problemCount - facts.problems.length;
  return (
    <div className="evaluation-scroll evaluation-problems" tabIndex={0} role="group" aria-label={words.problems(facts.problemCount)}>
      <table className="evaluation-table">
        <caption>{words.problems(facts.problemCount)}</caption>
        <thead>
          <tr>
            {Object.values(columns).map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {facts.problems.map(({ row, field, got, expected }, index) => (
            <tr key={index}>
              <th scope="row">{row === 0 ? words.wholeFile : row}</th>
              <td>{field}</td>
              <td>{got}</td>
              <td>{expected}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {more > 0 && <p className="faint">{words.moreProblems(more)}</p>}
    </div>
  );
}
