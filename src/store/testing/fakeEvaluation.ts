import { EngineError, throwIfCancelled } from "../../lib/errors.ts";
import type { CallOptions, EditsFacts, EvaluateParams, EditsFile, ImportedDrafts } from "../../engine/protocol.ts";
import type { Checkpoint, EvaluationResult, Metric } from "../../evaluation/results.ts";
import { whileHeld } from "./fakeSources.ts";

/** Made-up edits for tests: a record a line, the first that says "odd" being a row in fault. */
export function fakeEditsFacts({ name, text }: EditsFile): EditsFacts {
  const lines = text.split("\n").filter((line) => line !== "");
  const odd = lines.indexOf("odd");
  if (lines.length === 0) throw new EngineError("bad-edits", `${name}: got no row that can be used.`, "Give a CSV.");
  const records = lines.filter((line) => line !== "odd");
  const first = records.slice(0, 5).map((prompt) => ({ id: prompt, prompt, answer: "Rome", rephrasings: [], heldOut: [], locality: [] }));
  const problems = odd === -1 ? [] : [{ row: odd + 1, field: "answer", got: '""', expected: "a text that is not empty" }];
  const counts = { rephrasings: 2 * records.length, heldOut: records.length, near: 0, far: records.length, prose: 0 };
  return { name: name.replace(/\..*$/, ""), records: records.length, counts, first, problems, problemCount: problems.length };
}

/** The same lines as edits to write. */
export function fakeDrafts(file: EditsFile): ImportedDrafts {
  const { name, problems, problemCount } = fakeEditsFacts(file);
  const lines = file.text.split("\n").filter((line) => line !== "");
  const drafts = lines.flatMap((prompt, i) =>
    prompt === "odd" ? [] : [{ row: i + 1, draft: { prompt, answer: "Rome", rephrasings: [] } }],
  );
  return { name, records: drafts.length, drafts, problems, problemCount };
}

export function fakeCheckpoint(afterEdits: number, lost: readonly number[] = []): Checkpoint {
  const held = afterEdits - lost.length;
  const metric = (hits: number): Metric => ({ free: { hits, of: afterEdits }, teacherForced: { hits: 3 * hits, of: 3 * afterEdits } });
  const none = { free: { hits: 0, of: 0 }, teacherForced: { hits: 0, of: 0 } };
  const metrics = { reliability: metric(held), generalization: metric(held), localityNear: none, localityFar: metric(afterEdits) };
  const holds = Array.from({ length: afterEdits }, (_, i) => !lost.includes(i));
  return { afterEdits, sampled: afterEdits, metrics, retention: 1.01, passages: [], holds };
}

/** Every third record is refused. */
export async function fakeEvaluate(
  params: EvaluateParams,
  emit: (event: unknown) => void,
  pause: () => Promise<void>,
  { signal, pause: held }: CallOptions<"evaluate">,
): Promise<EvaluationResult> {
  const { edits, limit, every, seed, method } = params;
  const lines = edits.text.split("\n").filter((line) => line !== "" && line !== "odd");
  const of = Math.min(limit, lines.length);
  const checkpoints: Checkpoint[] = [];
  const refused: EvaluationResult["refused"][number][] = [];
  let written = 0;
  const measure = (): void => {
    emit({ kind: "measuring", afterEdits: written, done: written, of: written });
    checkpoints.push(fakeCheckpoint(written));
    emit({ kind: "checkpoint", checkpoint: checkpoints.at(-1), seconds: 0.5 * written });
  };
  emit({ kind: "started", done: 0, of, checkpoints: [] });
  for (const [at, id] of lines.slice(0, of).entries()) {
    await pause();
    if (held?.paused) emit({ kind: "held" });
    await whileHeld(held);
    throwIfCancelled(signal);
    if (at % 3 === 2) {
      refused.push({ id, message: "The base model already answers it." });
      emit({ kind: "refused", done: at + 1, of, id, message: "The base model already answers it." });
      continue;
    }
    written++;
    emit({ kind: "edit", done: at + 1, of, id, edit: written, steps: 12, loss: 0.01, seconds: 2 });
    if (written % every === 0 && at + 1 < of) measure();
  }
  measure();
  const run = { method, settings: {}, model: "fake", weights: "int8", edits: { name: edits.name, sha256: "" }, seed, limit: of, every };
  const facts = { ...run, sample: 100, shard: { index: 1, of: 1 } };
  return { format: "elder-lab evaluation", version: 1, run: facts, checkpoints, edits: [], refused };
}
