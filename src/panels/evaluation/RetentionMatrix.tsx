import { useMemo, useRef, useState } from "react";
import type { ReactNode, Ref } from "react";
import type { PictureHandle } from "../../charts/exportChart.ts";
import { StateMatrix } from "../../charts/StateMatrix.tsx";
import type { MatrixCell } from "../../charts/StateMatrix.tsx";
import type { MatrixLook } from "../../charts/paintMatrix.ts";
import type { EvaluationRun } from "../../store/evaluationSlice.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { Button } from "../../ui/Button.tsx";
import { SelectField } from "../../ui/Field.tsx";
import { Term } from "../../ui/Term.tsx";
import { useTheme } from "../../ui/theme.ts";
import { ChartExport } from "../ChartExport.tsx";
import { historiesOf, matrixOf, nameOf } from "./resultData.ts";
import { retentionRows } from "./resultFiles.ts";

/** Edit by edit and checkpoint by checkpoint, of one run: as a picture or as a table. */
export function RetentionMatrix({ runs }: { readonly runs: readonly EvaluationRun[] }): ReactNode {
  const words = useTexts().evaluation.matrix;
  const [chosen, setChosen] = useState<number | null>(null);
  const [asTable, setAsTable] = useState(false);
  const picture = useRef<PictureHandle>(null);
  const run = runs.find(({ id }) => id === chosen) ?? runs.at(-1);
  if (!run) return null;
  return (
    <section className="evaluation-matrix" aria-label={words.title}>
      <div className="evaluation-line">
        <h3>
          <Term hint={words.hint}>{words.title}</Term>
        </h3>
        {runs.length > 1 && (
          <SelectField
            label={words.run[0]}
            hint={words.run[1]}
            value={String(run.id)}
            options={runs.map((one) => ({ value: String(one.id), label: nameOf(one) }))}
            onChange={(id) => setChosen(Number(id))}
          />
        )}
        <Button tone="quiet" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
          {asTable ? words.asPicture : words.asTable}
        </Button>
        <ChartExport
          name={`${words.title} ${nameOf(run)}`}
          svg={asTable ? undefined : () => picture.current?.toSvg(`${words.title}: ${nameOf(run)}`) ?? null}
          rows={() => retentionRows(run, words)}
        />
      </div>
      {asTable ? <HistoryTable run={run} /> : <MatrixPicture key={run.id} run={run} handle={picture} />}
    </section>
  );
}

/** Not written yet, holds, lost. */
const STATES: MatrixLook["states"] = [{ colour: null }, { colour: "--holds" }, { colour: "--lost", sign: "dash" }];

function MatrixPicture({ run, handle }: { readonly run: EvaluationRun; readonly handle: Ref<PictureHandle> }): ReactNode {
  const words = useTexts().evaluation.matrix;
  const { checkpoints, ids } = run;
  const theme = useTheme();
  const data = useMemo(() => matrixOf({ checkpoints }), [checkpoints]);
  const look = useMemo<MatrixLook>(() => ({ states: STATES, gutterWidth: 40, startRow: data.rows - 1 }), [data.rows]);
  const [cell, setCell] = useState<MatrixCell | null>(null);
  const state = cell && (words.states[data.states[cell.row * data.columns + cell.column] ?? 0] ?? "");
  return (
    <>
      <StateMatrix
        data={data}
        look={look}
        theme={theme}
        label={words.label}
        roleDescription={words.kind}
        cell={cell}
        onCell={setCell}
        handle={handle}
      />
      <div className="evaluation-matrix-foot">
        <p aria-live="polite">
          {cell && state ? (
            words.readout(cell.column + 1, ids[cell.column] ?? "", checkpoints[cell.row]?.afterEdits ?? 0, state)
          ) : (
            <span className="faint">{words.readoutHint}</span>
          )}
        </p>
        <span className="evaluation-key">
          <i data-state="holds" aria-hidden="true" /> {words.holds}
          <i data-state="lost" aria-hidden="true" /> {words.lost}
        </span>
      </div>
    </>
  );
}

function HistoryTable({ run }: { readonly run: EvaluationRun }): ReactNode {
  const words = useTexts().evaluation.matrix;
  const { columns } = words;
  return (
    <div className="evaluation-scroll evaluation-history" tabIndex={0} role="group" aria-label={words.caption}>
      <table className="evaluation-table">
        <caption>{words.caption}</caption>
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
          {historiesOf(run).map(({ edit, id, holds, changes }) => (
            <tr key={edit}>
              <th scope="row">{edit}</th>
              <td>{id}</td>
              <td>{holds ? words.states[1] : words.states[2]}</td>
              <td>{changes.map((change) => words.change(change.holds, change.after)).join(", ")}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
