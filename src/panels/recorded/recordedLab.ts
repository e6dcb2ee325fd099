import type { EngineClient } from "../../engine/protocol.ts";
import { EngineError } from "../../lib/errors.ts";
import { createLab } from "../../store/lab.ts";
import type { Lab } from "../../store/lab.ts";
import { patch } from "../../store/labStore.ts";
import { routed } from "../../store/routingSlice.ts";
import { rowsOf, traceOf } from "./recording.ts";
import type { Recording } from "./recording.ts";
import type { Moment } from "./story.ts";

/** A lab without an engine: panels in it show a recording as they show what happens, and can change nothing. */
export function createRecordedLab(): Lab {
  return createLab(silentEngine, (path) => path);
}

export function showModel({ store }: Lab, { model }: Recording): void {
  patch(store, "model", { facts: { ...model, imported: false, methods: [] } });
}

export function showMoment({ store, frames }: Lab, { prompt, base, edited, edit, routed: answer, told }: Moment): void {
  const trace = traceOf(answer.trace);
  frames.show(trace);
  for (const { piece, row } of told) frames.append(piece, rowsOf(row));
  store.setState((state) => ({
    prompt: { ...state.prompt, text: prompt },
    answers: { base, edited },
    edit,
    routing: routed(prompt, trace),
  }));
}

const silentEngine: EngineClient = {
  call: () => Promise.reject(new EngineError("no-model", "This is a recording.", "Use the live model once it is there.")),
  onNotice: () => () => undefined,
  close: () => undefined,
};
