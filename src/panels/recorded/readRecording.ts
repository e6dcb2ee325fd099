import { EngineError } from "../../lib/errors.ts";
import { bit, count, fields, finite, flag, list, oneOf, orAbsent, orNull, share, shown, text } from "../../lib/shape.ts";
import type { Refuse } from "../../lib/shape.ts";
import { promptKinds, RECORDING_FORMAT, RECORDING_VERSION } from "./recording.ts";
import type { RecordedAnswer, RecordedRows, Recording } from "./recording.ts";

const hint = "Write it anew with `npm run record`, or take the file of the same release as the page.";

const refuse: Refuse = (place, got, expected) => {
  throw new EngineError("bad-recording", `Recorded run, ${place}: got ${got}, expected ${expected}.`, hint);
};

const piece = fields({ id: count, text, special: flag });
const rows = fields({
  tokens: count,
  layers: list(count, 1),
  experts: count,
  probabilities: list(share),
  picked: list(count),
  owners: orAbsent(list(count)),
});
const scope = fields({
  measure: oneOf("bits", "cosine"),
  inScope: flag,
  distance: orNull(finite),
  nearestEdit: orNull(count),
  threshold: finite,
  bits: count,
  code: list(bit),
  distances: list(fields({ edit: count, distance: finite })),
});
const trace = fields({ pieces: list(piece, 1), rows, nearest: list(orNull(finite)), decidingToken: count, scope });
const token = fields({ piece, text, probability: share, candidates: list(fields({ id: count, text, probability: share }), 1), row: rows });
const answer = fields({ text, stopped: oneOf("length", "end", "sentence"), trace, tokens: list(token, 1) });

const recording = fields({
  model: fields({
    name: text,
    quantization: text,
    parameters: count,
    contextLength: count,
    settings: fields({ layers: list(count, 1), experts: count, topK: count, hammingThreshold: finite, steps: count, seed: count }),
  }),
  edit: fields({
    id: count,
    prompt: text,
    answer: text,
    rephrasings: list(text),
    baseAnswer: text,
    answerAfter: text,
    holds: flag,
    curve: list(fields({ step: count, steps: count, lmLoss: finite, guidedLoss: finite, dispatches: count }), 1),
    allocation: list(list(count)),
    codes: list(list(bit)),
  }),
  prompts: list(fields({ kind: oneOf(...promptKinds), prompt: text, before: answer, after: answer }), promptKinds.length),
});

/**
 * A recorded run from its file.
 * @throws EngineError `bad-recording` naming the first place that is not as expected
 */
export function readRecording(json: unknown): Recording {
  fields({})(json, "the whole", refuse);
  const { format, version } = json as Partial<Record<keyof Recording, unknown>>;
  if (format !== RECORDING_FORMAT) refuse("format", shown(format), JSON.stringify(RECORDING_FORMAT));
  if (version !== RECORDING_VERSION) refuse("version", shown(version), String(RECORDING_VERSION));
  recording(json, "it", refuse);
  const read = json as Recording;
  read.prompts.forEach((prompt, at) => {
    const expected = promptKinds[at] ?? "no more";
    if (prompt.kind !== expected) refuse(`prompts[${at}].kind`, prompt.kind, expected);
    checkAnswer(prompt.before, `prompts[${at}].before`);
    checkAnswer(prompt.after, `prompts[${at}].after`);
  });
  return read;
}

/** Lengths that must agree, for panels to index what is there. */
function checkAnswer({ trace: { pieces, rows: read, decidingToken }, tokens }: RecordedAnswer, place: string): void {
  checkRows(read, pieces.length, `${place}.trace.rows`);
  if (decidingToken >= pieces.length) refuse(`${place}.trace.decidingToken`, String(decidingToken), `one of ${pieces.length} tokens`);
  tokens.forEach(({ row }, at) => checkRows(row, 1, `${place}.tokens[${at}].row`));
}

function checkRows({ tokens, layers, experts, probabilities, picked }: RecordedRows, expected: number, place: string): void {
  if (tokens !== expected) refuse(`${place}.tokens`, String(tokens), String(expected));
  const cells = tokens * layers.length * experts;
  if (probabilities.length !== cells) refuse(`${place}.probabilities`, `${probabilities.length} numbers`, `${cells} (T·L·N)`);
  const outside = picked.find((index) => index >= cells);
  if (outside !== undefined) refuse(`${place}.picked`, String(outside), `indices below ${cells}`);
}
