import { useEffect, useRef } from "react";
import type { ReactNode, RefObject } from "react";
import { useCompare, useCompareActions } from "../../store/compare.ts";
import type { ColumnMethod } from "../../store/compareSlice.ts";
import { useActions, useLab, useLabParts } from "../../store/lab.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { Button } from "../../ui/Button.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { CheckField, TextField } from "../../ui/Field.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { ChartExport } from "../ChartExport.tsx";
import { CompareColumns } from "./CompareColumns.tsx";
import { compareRows, compareSvg } from "./compareFiles.ts";
import { useMethodName } from "./useMethodName.ts";
import "./compare.css";

/** One prompt answered by methods that know the same edits, over the whole window. */
export function CompareMethods(): ReactNode {
  const words = useTexts().compare;
  const { openOverlay } = useActions();
  const { store } = useLabParts();
  const { fill } = useCompareActions();
  const edits = useLab((state) => state.edit.edits.length);
  const root = useRef<HTMLDivElement>(null);
  // Opened anew it begins with the page's prompt; what was asked before stays on show.
  useEffect(() => fill(store.getState().prompt.text), [fill, store]);
  return (
    <Dialog title={words.title} closeLabel={words.close} full onClose={() => openOverlay("none")}>
      <div ref={root} className="compare">
        <p className="faint">{words.intro}</p>
        <Question />
        {edits === 0 && (
          <Notice tone="info">
            <p>{words.noEdits}</p>
          </Notice>
        )}
        <div className="compare-bar">
          <MethodChoice />
          <Run />
          <Export root={root} />
        </div>
        <CompareColumns />
      </div>
    </Dialog>
  );
}

function Question(): ReactNode {
  const words = useTexts().compare;
  const { type, fill } = useCompareActions();
  const [prompt, old, next] = [useCompare((state) => state.prompt), useCompare((state) => state.old), useCompare((state) => state.next)];
  return (
    <div className="compare-question">
      <TextField label={words.prompt} value={prompt} onChange={fill} />
      <TextField label={words.old[0]} hint={words.old[1]} value={old} onChange={(text) => type({ old: text })} />
      <TextField label={words.next[0]} hint={words.next[1]} value={next} onChange={(text) => type({ next: text })} />
    </div>
  );
}

function MethodChoice(): ReactNode {
  const words = useTexts().compare;
  const { choose } = useCompareActions();
  const chosen = useCompare((state) => state.chosen);
  const running = useCompare((state) => state.running);
  const methods = useLab((state) => state.model.facts?.methods);
  const nameOf = useMethodName();
  const all: readonly ColumnMethod[] = ["base", ...(methods ?? []).map(({ id }) => id)];
  return (
    <fieldset className="compare-methods" disabled={running}>
      <legend>{words.methods}</legend>
      {all.map((method) => (
        <CheckField key={method} label={nameOf(method)} checked={chosen.includes(method)} onChange={(on) => choose(method, on)} />
      ))}
    </fieldset>
  );
}

function Run(): ReactNode {
  const words = useTexts().compare;
  const { run, stop } = useCompareActions();
  const running = useCompare((state) => state.running);
  const ready = useLab((state) => state.model.status === "ready" && state.device.status === "ready");
  const askable = useCompare((state) => state.prompt.trim() !== "" && state.chosen.length > 0);
  if (running) return <Button onClick={stop}>{words.stop}</Button>;
  return (
    <Button tone="primary" disabled={!ready || !askable} onClick={() => void run()}>
      {words.run}
    </Button>
  );
}

function Export({ root }: { readonly root: RefObject<HTMLElement | null> }): ReactNode {
  const words = useTexts().compare;
  const nameOf = useMethodName();
  const asked = useCompare((state) => state.asked);
  const columns = useCompare((state) => state.columns);
  if (!asked || columns.every(({ answer }) => answer === null)) return null;
  return (
    <ChartExport
      name={`${words.export} ${asked.prompt}`}
      svg={() => compareSvg(root.current, asked, columns, nameOf, words)}
      rows={() => compareRows(asked, columns, nameOf, words)}
    />
  );
}
