import { useEffect, useRef, useState } from "react";
import type { ReactNode } from "react";
import { startBench, type BenchMessage } from "../../bench/client.ts";
import { figure } from "../../bench/report.ts";
import { SOFTWARE_LABEL, type Adapter, type Results, type Row } from "../../bench/results.ts";
import type { ErrorFacts } from "../../lib/errors.ts";
import type { Texts } from "../../texts/texts.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { Button } from "../../ui/Button.tsx";
import { downloadText } from "../../ui/downloadText.ts";
import { Notice } from "../../ui/Notice.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { ProgressBar } from "../../ui/ProgressBar.tsx";
import { BenchTable } from "./BenchTable.tsx";
import "./bench.css";

interface Measured {
  readonly status: "idle" | "running" | "done" | "stopped" | "failed";
  readonly adapter?: Adapter;
  readonly done: number;
  readonly total: number;
  readonly name: string;
  readonly rows: readonly Row[];
  readonly results?: Results;
  readonly error?: ErrorFacts;
}
const NOTHING: Measured = { status: "idle", done: 0, total: 1, name: "", rows: [] };

function after(state: Measured, message: BenchMessage): Measured {
  switch (message.kind) {
    case "adapter":
      return { ...state, adapter: message.adapter };
    case "progress": {
      const { done, total, name, row } = message;
      return { ...state, done, total, name, rows: row ? [...state.rows, row] : state.rows };
    }
    case "results":
      return { ...state, status: "done", results: message.results };
    case "error":
      return { ...state, status: "failed", error: message.error };
  }
}

/** The page at `?bench`: measures in a worker, shows the table as it grows, and gives the results as a file. */
export function BenchScreen({ manifest }: { readonly manifest: string }): ReactNode {
  const words = useTexts().bench;
  const [state, setState] = useState(NOTHING);
  const [quick, setQuick] = useState(true);
  const stop = useRef<() => void>(undefined);
  useEffect(() => () => stop.current?.(), []);
  const running = state.status === "running";
  const start = (): void => {
    setState({ ...NOTHING, status: "running" });
    stop.current = startBench({ quick, manifest }, (message) => setState((old) => after(old, message)));
  };
  const end = (): void => {
    stop.current?.();
    setState((old) => ({ ...old, status: "stopped" }));
  };
  const { adapter, results } = state;
  const roofs = results?.sections[0]?.roofs;
  return (
    <main className="page bench">
      <Panel title={words.title} aside={<a href="?">{words.back}</a>}>
        <p>{words.intro}</p>
        <div className="bench-controls">
          <Button tone="primary" onClick={running ? end : start}>
            {running ? words.stop : words.start}
          </Button>
          <label className="check">
            <input type="checkbox" checked={quick} disabled={running} onChange={(event) => setQuick(event.target.checked)} /> {words.quick}
          </label>
          <Button disabled={!results} onClick={() => results && downloadText(JSON.stringify(results, undefined, 1), words.file)}>
            {words.download}
          </Button>
        </div>
        {adapter && <p>{words.adapter(adapter.name, adapter.host)}</p>}
        {adapter?.software === true && <Notice tone="warning" title={SOFTWARE_LABEL} />}
        {running && <ProgressBar label={words.progress} share={state.done / state.total} />}
        <p role="status" className="faint">
          {statusText(state, words)}
        </p>
        {state.error && (
          <Notice tone="danger" title={state.error.message}>
            <p className="hint">{state.error.hint}</p>
          </Notice>
        )}
        {roofs && <p>{words.limits(figure(roofs.copyGBs), figure(roofs.dispatchUs))}</p>}
        {state.rows.length > 0 && <BenchTable rows={state.rows} software={adapter?.software ?? false} />}
      </Panel>
    </main>
  );
}

function statusText({ status, done, total, name }: Measured, words: Texts["bench"]): string {
  if (status === "running") return words.measuring(done, total, name);
  if (status === "done") return words.done;
  return status === "stopped" ? words.stopped : "";
}
