import { EngineError } from "../../lib/errors.ts";
import type {
  CheckedModel,
  KeptModel,
  ModelSource,
  PauseSwitch,
  SourceFacts,
  StorageFacts,
  UnfinishedDownload,
} from "../../engine/protocol.ts";

/** Made-up sources for tests. Ids say what is special about them: "gated", "many" (GGUF files), "huge", "odd" (refused). */
export function fakeSourceFacts(source: ModelSource): SourceFacts {
  const name = nameOf(source);
  if (name.includes("odd"))
    throw new EngineError("unsupported-architecture", `${name}: got the architecture "odd", expected gpt2, llama or qwen2.`, "Choose one.");
  const gated = name.includes("gated");
  if (gated && !(source.kind === "hub" && source.token !== undefined))
    throw new EngineError("hub-refused", `${name}: got HTTP 401, expected 200.`, "Accept its terms, then give a token.");
  const chosen = source.kind === "hub" || source.kind === "files" ? source.file : undefined;
  const several = name.includes("many") && chosen === undefined;
  const choices = several ? ["a.Q4_1.gguf", "b.Q8_0.gguf"].map((file) => ({ file, bytes: 90_000_000 })) : [];
  const model = several ? null : fakeCheckedModel(name.includes("huge"), chosen === undefined ? "BF16" : "Q4_1");
  const commit = source.kind === "hub" ? "0123456789abcdef0123456789abcdef01234567" : null;
  return { name, commit, licence: source.kind === "hub" ? "apache-2.0" : null, gated, choices, model };
}

function nameOf(source: ModelSource): string {
  switch (source.kind) {
    case "hub":
      return source.id;
    case "kept":
      return source.key;
    case "files":
      return source.files[0]?.path ?? "";
    case "url":
    case "manifest":
      return source.url;
  }
}

export function fakeCheckedModel(huge: boolean, stored: string): CheckedModel {
  const parameters = huge ? 6_738_415_616 : 134_515_008;
  const problem = { code: "device-limit", message: "Got 13.5 GB of weights, expected at most 8 GB.", hint: "Choose fewer bits." } as const;
  const way = (precision: 4 | 8 | "stored", bits: number) => {
    const weightBytes = (parameters * bits) / 8;
    const quantization = precision === "stored" ? stored : `int${precision}, groups of 32`;
    return { precision, quantization, weightBytes, otherBytes: 210_000_000, problem: weightBytes > 8e9 ? problem : null };
  };
  return {
    architecture: "llama",
    parameters,
    layers: 30,
    hiddenSize: 576,
    contextLength: 2048,
    stored,
    downloadBytes: 2 * parameters,
    precisions: [way(4, 4.5), way(8, 8.5), way("stored", stored === "BF16" ? 16 : 5)],
  };
}

export const fakeProgress = {
  state: "running",
  files: [],
  bytesPerSecond: null,
  secondsLeft: null,
  uploadedBytes: 0,
  notKept: null,
} as const;

/** Waits until nothing holds a load. */
export function whileHeld(pause: PauseSwitch | undefined): Promise<void> {
  if (!pause?.paused) return Promise.resolve();
  return new Promise((resolve) => pause.onChange((paused) => !paused && resolve()));
}

/** What a browser keeps. */
export function fakeStorage(): {
  facts(): StorageFacts;
  keep(model: KeptModel): void;
  leaveOff(source: ModelSource): void;
  remove(key: string): void;
  putBack(key: string): void;
  emptyBin(): void;
} {
  let models: readonly KeptModel[] = [];
  let bin: readonly (KeptModel | UnfinishedDownload)[] = [];
  let unfinished: StorageFacts["unfinished"] = [];
  return {
    facts: () => ({
      available: true,
      models,
      unfinished,
      removed: bin,
      usedBytes: 76_000_000,
      quotaBytes: 20_000_000_000,
      persisted: false,
    }),
    keep: (model) => void (models = [model, ...models.filter(({ key }) => key !== model.key)]),
    leaveOff: (source) => void (unfinished = [{ key: "left", name: nameOf(source), source, bytes: 40_000_000, totalBytes: 269_000_000 }]),
    remove(key) {
      bin = [...bin, ...[...models, ...unfinished].filter((item) => item.key === key)];
      models = models.filter((model) => model.key !== key);
      unfinished = unfinished.filter((download) => download.key !== key);
    },
    putBack(key) {
      for (const item of bin.filter((removed) => removed.key === key)) {
        if ("source" in item) unfinished = [...unfinished, item];
        else models = [...models, item];
      }
      bin = bin.filter((item) => item.key !== key);
    },
    emptyBin: () => void (bin = []),
  };
}
