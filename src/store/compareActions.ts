import type { ColumnQuestion } from "../engine/protocol.ts";
import { waitingColumn } from "./compareSlice.ts";
import type { ColumnMethod, CompareColumn, CompareState, CompareStore } from "./compareSlice.ts";
import type { Lab } from "./lab.ts";
import { settle, unlessAborted } from "./settle.ts";

export interface CompareActions {
  /** Another prompt, and the old and the new answer of the edit that was made of it; where there is none, the answers stay. */
  fill(prompt: string): void;
  type(fields: Partial<Pick<CompareState, "prompt" | "old" | "next">>): void;
  choose(method: ColumnMethod, chosen: boolean): void;
  /** Asks the chosen methods, one after the other; each first writes the edits that it has not written. */
  run(): Promise<void>;
  /** Columns that are done stay. */
  stop(): void;
}

export function createCompareActions({ store: lab, client }: Lab, store: CompareStore): CompareActions {
  let running = new AbortController();

  const change = (method: ColumnMethod, fields: Partial<CompareColumn>): void =>
    store.setState(({ columns }) => ({ columns: columns.map((column) => (column.method === method ? { ...column, ...fields } : column)) }));

  const ask = (method: ColumnMethod, question: ColumnQuestion, signal: AbortSignal): Promise<boolean> => {
    change(method, { status: "answering" });
    return settle(
      client.call(
        "column",
        { method, question },
        { signal, onEvent: unlessAborted(signal, (written) => change(method, { status: "writing", written })) },
      ),
      (answer) => change(method, signal.aborted ? { status: "stopped", written: null } : { status: "done", written: null, answer }),
      (error) =>
        change(method, error.code === "cancelled" ? { status: "stopped", written: null } : { status: "failed", written: null, error }),
    );
  };

  return {
    fill(prompt) {
      const edit = lab.getState().edit.edits.findLast((one) => one.prompt === prompt || one.rephrasings.includes(prompt));
      // A sentence that the base model ended is compared without its full stop, as the new answer is.
      store.setState(edit ? { prompt, old: edit.baseAnswer.replace(/\.$/u, ""), next: edit.answer } : { prompt });
    },

    type: (fields) => store.setState(fields),

    choose: (method, chosen) =>
      store.setState((state) => ({
        chosen: chosen ? [...state.chosen.filter((one) => one !== method), method] : state.chosen.filter((one) => one !== method),
      })),

    async run() {
      const { model, device, prompt: typed } = lab.getState();
      const { prompt, old, next, chosen } = store.getState();
      if (store.getState().running || model.status !== "ready" || device.status !== "ready" || prompt.trim() === "") return;
      running = new AbortController();
      const { signal } = running;
      const answers = [old, next].map((answer) => answer.trim()).filter((answer) => answer !== "");
      const question: ColumnQuestion = { prompt, maxTokens: typed.options.maxTokens, answers };
      store.setState({ running: true, asked: { prompt, old: old.trim(), next: next.trim() }, columns: chosen.map(waitingColumn) });
      for (const method of chosen) {
        if (signal.aborted) change(method, { status: "stopped" });
        else await ask(method, question, signal);
      }
      store.setState({ running: false });
    },

    stop: () => running.abort(),
  };
}
