import { useMemo, useRef, useState } from "react";
import type { ReactNode, Ref } from "react";
import type { PictureHandle } from "../../charts/exportChart.ts";
import type { MatrixLook } from "../../charts/paintMatrix.ts";
import { StateMatrix } from "../../charts/StateMatrix.tsx";
import type { MatrixCell } from "../../charts/StateMatrix.tsx";
import { useLab } from "../../store/lab.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { Button } from "../../ui/Button.tsx";
import { SelectField } from "../../ui/Field.tsx";
import { useTheme } from "../../ui/theme.ts";
import { ChartExport } from "../ChartExport.tsx";
import { codeMatrix, codeRows } from "./codes.ts";
import type { CodeReference, CodeRow } from "./codes.ts";
import { CodesTable } from "./CodesTable.tsx";

/** Clear, set, and the same where the first row has it otherwise. */
const STATES: MatrixLook["states"] = [
  { colour: "--track" },
  { colour: "--text-muted" },
  { colour: "--track", sign: { frame: "--danger" } },
  { colour: "--danger" },
];

/** The allocation codes of all edits and of the prompt, bit under bit, nearest first. */
export function CodesView(): ReactNode {
  const texts = useTexts();
  const words = texts.microscope.codes;
  const edits = useLab((state) => state.edit.edits);
  const scope = useLab((state) => state.routing.scope);
  const improved = useLab((state) => state.model.facts?.method === "improved");
  const settings = useLab((state) => state.model.facts?.settings ?? null);
  const [wanted, setWanted] = useState<CodeReference>("prompt");
  const [asTable, setAsTable] = useState(false);
  const own = scope && scope.code.length > 0 ? scope.code : null;
  const reference = wanted !== "prompt" && edits.some(({ id }) => id === wanted) ? wanted : "prompt";
  const rows = useMemo(() => codeRows(edits, own, reference), [edits, own, reference]);
  const picture = useRef<PictureHandle>(null);
  if (improved) return <p className="faint">{texts.microscope.ownExperts}</p>;
  if (rows.length === 0 || !settings) return <p className="faint">{edits.length === 0 ? texts.microscope.noEdits : texts.routing.empty}</p>;
  const nameOf = (edit: number | null): string => (edit === null ? words.prompt : words.edit(edit));
  const nearest = rows[1];
  return (
    <div className="microscope-part">
      <div className="microscope-tools">
        <SelectField
          label={words.reference[0]}
          hint={words.reference[1]}
          value={String(reference)}
          options={[
            { value: "prompt", label: words.prompt },
            ...edits.filter(({ codes }) => codes.length > 0).map(({ id }) => ({ value: String(id), label: words.edit(id) })),
          ]}
          onChange={(value) => setWanted(value === "prompt" ? "prompt" : Number(value))}
        />
        <Button tone="quiet" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
          {asTable ? texts.microscope.asPicture : texts.microscope.asTable}
        </Button>
        <ChartExport
          name={words.exportName}
          svg={() => picture.current?.toSvg(words.exportName) ?? null}
          rows={() => [
            [words.columns.name, words.columns.distance, ...bitHeads(settings)],
            ...rows.map(({ edit, distance, code }) => [nameOf(edit), distance, ...code]),
          ]}
        />
      </div>
      {nearest && <p className="microscope-said">{words.nearest(nameOf(nearest.edit), nearest.distance, settings.hammingThreshold)}</p>}
      {edits.length === 0 && <p className="faint">{texts.microscope.noEdits}</p>}
      {asTable ? (
        <CodesTable rows={rows} size={settings.experts} nameOf={nameOf} />
      ) : (
        <CodesPicture
          rows={rows}
          layers={settings.layers}
          experts={settings.experts}
          nameOf={nameOf}
          handle={picture}
          onReference={setWanted}
        />
      )}
    </div>
  );
}

const bitHeads = ({ layers, experts }: { readonly layers: readonly number[]; readonly experts: number }): string[] =>
  layers.flatMap((layer) => Array.from({ length: experts }, (_, expert) => `L${layer} E${expert}`));

interface CodesPictureProps {
  readonly rows: readonly CodeRow[];
  readonly layers: readonly number[];
  readonly experts: number;
  readonly nameOf: (edit: number | null) => string;
  readonly handle: Ref<PictureHandle>;
  readonly onReference: (reference: CodeReference) => void;
}

function CodesPicture({ rows, layers, experts, nameOf, handle, onReference }: CodesPictureProps): ReactNode {
  const { routing, microscope } = useTexts();
  const words = microscope.codes;
  const theme = useTheme();
  const [cell, setCell] = useState<MatrixCell | null>(null);
  const data = useMemo(
    () => codeMatrix(rows, ({ edit, distance }) => `${edit === null ? words.prompt : words.edit(edit)} · ${distance}`),
    [rows, words],
  );
  const look = useMemo<MatrixLook>(
    () => ({
      states: STATES,
      gutterWidth: 118,
      leastHeight: 13,
      startRow: 0,
      grouped: { size: experts, labels: layers.map(routing.layer) },
    }),
    [experts, layers, routing],
  );
  const row = cell && rows[cell.row];
  const state = cell && (data.states[cell.row * data.columns + cell.column] ?? 0);
  return (
    <>
      <div className="codes-picture">
        <StateMatrix
          data={data}
          look={look}
          theme={theme}
          label={words.chart}
          roleDescription={words.kind}
          cell={cell}
          onCell={setCell}
          onChoose={({ row: chosen }) => onReference(rows[chosen]?.edit ?? "prompt")}
          handle={handle}
        />
      </div>
      <div className="routing-foot">
        <p className="routing-readout" aria-live="polite">
          {cell && row && state !== null ? (
            words.bit(nameOf(row.edit), layers[Math.floor(cell.column / experts)] ?? 0, cell.column % experts, state % 2 === 1, state > 1)
          ) : (
            <span className="faint">{words.hint}</span>
          )}
        </p>
        <span className="codes-key">
          <i data-state="set" aria-hidden="true" /> {words.set}
          <i data-state="clear" aria-hidden="true" /> {words.clear}
          <i data-state="differs" aria-hidden="true" /> {words.differs}
        </span>
      </div>
    </>
  );
}
