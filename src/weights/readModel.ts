/** A model from its files, whatever their kind: texts and headers at once, tensors one after another. */
import { EngineError, throwIfCancelled } from "../lib/errors.ts";
import { tokenizerFromGguf } from "../tokenizer/tokenizerFromGguf.ts";
import type { ByteSource, FileSet, Precision } from "./byteSource.ts";
import { openGguf } from "./gguf.ts";
import { badGguf, type GgufMetadata } from "./ggufMetadata.ts";
import { describeFormats, elementCount, type ModelFiles, type PlannedTensor, type TensorOutline, type TensorPlan } from "./hostTensor.ts";
import { loadShards, type ReadOptions } from "./loadShards.ts";
import { modelKind } from "./modelKind.ts";
import { readFolder, type Checkpoint } from "./readFolder.ts";
import { readTensor, type TensorOptions } from "./readTensor.ts";
import { outlineOfEntry, type StoredEntry } from "./tensorPacking.ts";
import { badSafetensors } from "./safetensors.ts";
import { blockSizes, decodeWeights, type StoredFormat } from "./storedFormats.ts";
import { shown } from "./strictJson.ts";

/** What only the architectures know; see `modelPlans` in the model folder. */
export interface ModelPlans {
  /** Tensors of a Hugging Face checkpoint, from config.json. */
  readonly folder: (config: unknown) => TensorPlan;
  readonly gguf: {
    readonly config: (
      metadata: GgufMetadata,
      shapes: ReadonlyMap<string, readonly number[]>,
      factors: readonly number[] | undefined,
    ) => Record<string, unknown>;
    readonly plan: (config: Record<string, unknown>) => TensorPlan;
    /** Tensor whose numbers the config needs. */
    readonly factors: string;
  };
}

export interface ReadModel extends ModelFiles {
  /** How the files store most weights, e.g. "BF16" or "Q4_K". */
  readonly stored: string;
  /** What another precision would give; our own shards have one alone. */
  outlineAt(precision: Precision): TensorOutline[];
}

/** Our own shards come in the precision they were written in. */
export interface ModelOptions extends ReadOptions, TensorOptions {
  /** One of the files where they hold several models. */
  readonly file?: string;
}

/**
 * @throws EngineError `unknown-files`, `bad-config`, `bad-tokenizer`, `bad-safetensors`, `bad-gguf`, `bad-manifest`, `bad-shard`,
 * `unsupported-architecture`, `cancelled`, and those of the sources; those about tensors while they are iterated
 */
export async function readModel(files: FileSet, plans: ModelPlans, options: ModelOptions): Promise<ReadModel> {
  const kind = modelKind(files, options.file);
  if (kind.kind === "shards") {
    const model = await loadShards(shardsIn(files, kind.manifest), options);
    return { ...model, stored: describeFormats(model.outline), outlineAt: () => [...model.outline] };
  }
  const checkpoint =
    kind.kind === "gguf"
      ? await readGguf(files, kind.file, plans, options.signal)
      : await readFolder(files, kind.folder, plans.folder, options.signal);
  const planned = planEntries(checkpoint);
  const outlineAt = (precision: Precision): TensorOutline[] => planned.map(([entry, step]) => outlineOfEntry(entry, step, precision));
  return {
    name: checkpoint.name,
    stored: storedAs(planned.map(([entry]) => entry)),
    config: checkpoint.config,
    tokenizerJson: checkpoint.tokenizerJson,
    tokenizerConfig: checkpoint.tokenizerConfig,
    outline: outlineAt(options.precision),
    outlineAt,
    tensors: () => readTensors(planned, options),
  };
}

/** The format of most weights. */
function storedAs(entries: readonly StoredEntry[]): string {
  const weights = new Map<string, number>();
  for (const { format, shape } of entries) weights.set(format, (weights.get(format) ?? 0) + elementCount(shape));
  return [...weights].sort((a, b) => b[1] - a[1])[0]?.[0] ?? "F32";
}

async function readGguf(files: FileSet, file: string, plans: ModelPlans, signal?: AbortSignal): Promise<Checkpoint> {
  const source = required(files, file);
  const { metadata, tensors } = await openGguf(source, signal);
  const shapes = new Map([...tensors].map(([name, { shape }]) => [name, shape]));
  const config = plans.gguf.config(metadata, shapes, await readFactors(source, tensors.get(plans.gguf.factors), signal));
  const name = metadata.get("general.name");
  return {
    name: typeof name === "string" && name.trim() !== "" ? name : file.replace(/^.*\//, "").replace(/\.gguf$/, ""),
    config,
    plan: plans.gguf.plan(config),
    ...tokenizerFromGguf(metadata),
    entries: [...tensors.values()].map((tensor) => ({ ...tensor, source })),
  };
}

function required(files: FileSet, file: string): ByteSource {
  const source = files.open(file);
  if (source) return source;
  throw new EngineError("unknown-files", `${files.name}: got no file ${file}, expected it among ${files.files.length}.`, "Check its name.");
}

async function readFactors(
  source: ByteSource,
  tensor: Omit<StoredEntry, "source"> | undefined,
  signal?: AbortSignal,
): Promise<readonly number[] | undefined> {
  if (!tensor) return undefined;
  if (tensor.end - tensor.begin > 65_536)
    throw badGguf(`tensor ${tensor.name}: got ${tensor.end - tensor.begin} bytes, expected a factor for each pair of a head`);
  return [...decodeWeights(tensor.format === "F32" ? "F32" : unreadable(tensor), await source.read(tensor.begin, tensor.end, signal))];
}

function unreadable({ name, format }: Omit<StoredEntry, "source">): never {
  throw badGguf(`tensor ${name}: got the format ${format}, expected F32`);
}

const isStoredFormat = (format: string): format is StoredFormat => Object.hasOwn(blockSizes, format);

type Planned = readonly [StoredEntry, PlannedTensor];

/** @throws EngineError `bad-safetensors`, `bad-gguf` for two tensors of one canonical name */
function planEntries({ entries, plan }: Checkpoint): Planned[] {
  const seen = new Set<string>();
  return entries.flatMap((entry): Planned[] => {
    const step = plan(entry.name, entry.shape);
    if (!step) return [];
    const { format } = entry;
    if (!isStoredFormat(format))
      throw badSafetensors(
        `${entry.source.name}, tensor ${JSON.stringify(entry.name)}: got ${format}, expected F32, F16, BF16 or F64.`,
        "Save the model in float32, float16 or bfloat16.",
      );
    if (elementCount(entry.shape) === 0)
      throw badSafetensors(
        `${entry.source.name}, tensor ${shown(entry.name)}: got no weights in [${entry.shape.join(", ")}], expected some.`,
      );
    if (seen.has(step.name))
      throw badSafetensors(`${entry.source.name}: got tensor ${JSON.stringify(step.name)} twice, expected each once.`);
    seen.add(step.name);
    return [[{ ...entry, format }, step]];
  });
}

async function* readTensors(planned: readonly Planned[], options: TensorOptions) {
  for (const [entry, step] of planned) {
    throwIfCancelled(options.signal);
    yield await readTensor(entry, step, options);
  }
}

function shardsIn(files: FileSet, manifest: string) {
  const folder = manifest.slice(0, manifest.lastIndexOf("/") + 1);
  return {
    manifestPlace: manifest,
    async read(file: string, limit: number, onBytes?: (loaded: number) => void) {
      const source = required(files, folder + file);
      const bytes = await source.read(0, Math.min(limit, source.size));
      onBytes?.(bytes.length);
      return { bytes, more: source.size > limit };
    },
  };
}
