import type { EngineClient } from "../../engine/protocol.ts";
import { EngineError } from "../../lib/errors.ts";
import { createLab } from "../../store/lab.ts";
import type { Lab } from "../../store/lab.ts";
import { routed } from "../../store/routingSlice.ts";
import { rowsOf, traceOf } from "./recording.ts";
import type { Recording } from "./recording.ts";
import type { Moment } from "./story.ts";

/** A lab without an engine: panels in it show a recording as they show what happens, and can change nothing. */
export function createRecordedLab({ model }: Recording): Lab {
  const lab = createLab(silentEngine, (path) => path);
  lab.store.setState(({ model: initial }) => ({ model: { ...initial, facts: { ...model, methods: [] } } }));
  return lab;
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
