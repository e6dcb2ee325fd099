/** Where the tensors of a model go on the GPU, decided before the first is read. */
import { aligned, ALIGNMENT, checkBinding } from "../gpu/tensors.ts";
import { EngineError } from "../lib/errors.ts";
import { tensorBytes, type TensorOutline } from "../weights/hostTensor.ts";
import type { ModelConfig } from "./config.ts";
import { missingTensor } from "./missingTensor.ts";
import type { Architecture } from "./model.ts";
import { expectedTensors } from "./tensorPlan.ts";

/** Matrices of one input kept as one, row under row, so that one dispatch multiplies all of them; each stays usable as a view of it. */
export interface Join {
  readonly whole: TensorOutline;
  readonly parts: readonly JoinedPart[];
}

export interface JoinedPart {
  readonly outline: TensorOutline;
  /** Its first 32-bit word among the whole's words, and among its scales. */
  readonly words: number;
  readonly scales: number;
}

/**
 * Checks what is announced before anything is read: every tensor that the configuration asks for and no other, each in its shape, and that no
 * piece of one is more than a binding takes.
 * @param limit bytes of one binding, see `bindingLimit`
 * @returns what is to be joined; all other matrices stand alone, in pieces of `pieceRows`
 * @throws EngineError `bad-config`, `device-limit`
 */
export function planUpload(outline: readonly TensorOutline[], architecture: Architecture, config: ModelConfig, limit: number): Join[] {
  const tensors = new Map(outline.map((tensor) => [tensor.name, tensor]));
  const wanted = expectedTensors(architecture, config);
  for (const [name, expected] of wanted) {
    const { shape } = tensors.get(name) ?? missingTensor(name);
    if (shape.join() !== expected.join()) throw badShape(`${name} is (${shape.join(", ")}), expected (${expected.join(", ")})`);
  }
  const extra = outline.find(({ name }) => !wanted.has(name));
  if (extra) throw badShape(`${extra.name} is among them, expected none that a model of ${config.layers} layers does not read`);
  for (const tensor of outline) pieceRows(tensor, limit);
  if (config.ropeFrequencies) checkBinding("The rotary table", 8 * config.contextLength * config.ropeFrequencies.length, limit);
  const names = Array.from({ length: config.layers }, (_, layer) =>
    (architecture.joined ?? []).map((modules) => modules.map((module) => `${architecture.block(layer)}.${module}.weight`)),
  );
  return names
    .flat()
    .map((group) =>
      planJoin(
        group.map((name) => tensors.get(name) ?? missingTensor(name)),
        limit,
      ),
    )
    .filter((join) => join !== undefined);
}

/**
 * Rows of each buffer that a matrix is kept in: one where it fits, else pieces that begin at multiples of `ALIGNMENT` rows.
 * @throws EngineError `device-limit` where not even the smallest piece fits, or a vector does not
 */
export function pieceRows(tensor: TensorOutline, limit: number): number[] {
  const { name, shape } = tensor;
  const [rows = 0] = shape;
  const bytes = tensorBytes(tensor).words;
  if (bytes <= limit) return [rows];
  if (shape.length !== 2) checkBinding(name, bytes, limit);
  checkBinding(`${ALIGNMENT} rows of ${name}`, Math.min(ALIGNMENT, rows) * (bytes / rows), limit);
  const each = Math.floor(limit / (bytes / rows) / ALIGNMENT) * ALIGNMENT;
  return Array.from({ length: Math.ceil(rows / each) }, (_, i) => Math.min(each, rows - i * each));
}

/** Undefined where they cannot be joined: other formats or widths, parts that begin where no binding may, or a whole beyond the limit. */
export function planJoin(tensors: readonly TensorOutline[], limit: number): Join | undefined {
  const [first] = tensors;
  if (!first || tensors.length < 2) return undefined;
  const alike = tensors.every(
    ({ format, shape, group }) => format === first.format && shape[1] === first.shape[1] && group === first.group && shape.length === 2,
  );
  const rows = tensors.reduce((sum, { shape }) => sum + (shape[0] ?? 0), 0);
  const whole = { ...first, name: tensors.map(({ name }) => name).join(" + "), shape: [rows, first.shape[1] ?? 0] };
  if (!alike || tensorBytes(whole).words > limit || !tensors.every(scalesAreWhole)) return undefined;
  let [words, scales] = [0, 0];
  const parts = tensors.map((outline) => {
    const part = { outline, words, scales };
    const bytes = tensorBytes(outline);
    words += bytes.words / 4;
    scales += bytes.scales / 4;
    return part;
  });
  return parts.every((part) => part.words === aligned(part.words) && part.scales === aligned(part.scales)) ? { whole, parts } : undefined;
}

/** Scales are pairs of f16: a part with an odd number of them would leave half a word. Those of int4m have a word of their own. */
const scalesAreWhole = ({ format, shape: [rows = 0, columns = 0], group }: TensorOutline): boolean =>
  group === undefined || format === "int4m" || ((rows * columns) / group) % 2 === 0;

export function badShape(what: string, cause?: unknown): EngineError {
  return new EngineError("bad-config", `The weights do not fit together: ${what}.`, "Use the config.json that belongs to the weights.", {
    cause,
  });
}
