/** Greedy answers of transformers.js against ours, on the same weights. */
import { AutoModelForCausalLM, AutoTokenizer, env, type PreTrainedModel, type PreTrainedTokenizer } from "@xenova/transformers";
import type { Comparison, Prepared, Side } from "../../../src/bench/compare.ts";
import type { Scale } from "../../../src/bench/scale.ts";
import { answering, generate } from "../../../src/editing/generate.ts";
import { webgpuBackend } from "../../../src/gpu/tensors.ts";
import { createMixture, disposeMixture } from "../../../src/mixture/mixtureState.ts";
import { defaultSettings } from "../../../src/mixture/settings.ts";
import { architectureFor } from "../../../src/model/architectures/registry.ts";
import { ConfigReader } from "../../../src/model/config.ts";
import { uploadModel } from "../../../src/model/uploadModel.ts";
import { loadTokenizer } from "../../../src/tokenizer/tokenizer.ts";
import { describeFormats, type HostTensor, type ModelFiles } from "../../../src/weights/hostTensor.ts";
import { gpt2Onnx } from "./gpt2Onnx.ts";

export const DECODE_SUITE = "answering against transformers.js on the same weights";

/** Long enough an answer for the tokens that are timed. */
const PROMPT = "The river runs through the town and";

function ours(files: ModelFiles, tokens: number): Side {
  return {
    label: `ours, ${describeFormats(files.outline)}`,
    units: tokens,
    prepare: async (): Promise<Prepared> => {
      const model = await uploadModel(files);
      const tokenizer = loadTokenizer(files.tokenizerJson, files.tokenizerConfig);
      const mixture = createMixture(model, defaultSettings(model));
      let ids: number[] = [];
      return {
        call: async () => {
          const params = { prompt: PROMPT, maxTokens: tokens, sampling: { kind: "greedy" }, edits: "off", stopAtSentence: false } as const;
          const { pieces } = await generate(answering({ model, tokenizer, mixture, codes: [] }), params);
          ids = pieces.map(({ id }) => id);
        },
        result: () => Promise.resolve(Float32Array.from(ids)),
        dispose: () => {
          disposeMixture(mixture);
          model.dispose();
        },
      };
    },
  };
}

/** Files of the model as transformers.js asks for them; nothing else is answered. */
function serveModel(files: ModelFiles, onnx: Uint8Array<ArrayBuffer>): void {
  const json = (value: unknown): string => JSON.stringify(value);
  const answers: Readonly<Record<string, BodyInit>> = {
    "config.json": json(files.config),
    "tokenizer.json": files.tokenizerJson,
    "tokenizer_config.json": json(files.tokenizerConfig),
    "generation_config.json": json({ bos_token_id: 0, eos_token_id: 0 }),
    "onnx/model_q4.onnx": onnx,
  };
  const answer = (url: string): Response => {
    const name = Object.keys(answers).find((file) => url.endsWith(`/${files.name}/${file}`));
    return name === undefined ? new Response(null, { status: 404 }) : new Response(answers[name] ?? null);
  };
  env.fetch = (url: string | URL | Request) => Promise.resolve(answer(url instanceof Request ? url.url : url.toString()));
  env.allowRemoteModels = false;
  env.allowLocalModels = true;
  env.localModelPath = "/bench/";
  env.useBrowserCache = false;
}

async function loadPeer(files: ModelFiles): Promise<{ model: PreTrainedModel; tokenizer: PreTrainedTokenizer }> {
  const tensors: HostTensor[] = [];
  for await (const tensor of files.tensors()) tensors.push(tensor);
  const config = architectureFor(files.config).readConfig(new ConfigReader(files.config));
  serveModel(files, gpt2Onnx(config, tensors));
  const tokenizer = await AutoTokenizer.from_pretrained(files.name);
  const model = await AutoModelForCausalLM.from_pretrained(files.name, {
    dtype: "q4",
    device: "webgpu",
    // Our device, so that both sides are on one and the meter sees both.
    session_options: { executionProviders: [{ name: "webgpu", device: webgpuBackend().device }] },
  });
  return { model, tokenizer };
}

function transformersJs(files: ModelFiles, tokens: number): Side {
  return {
    label: `transformers.js ${env.version}, the same packed weights`,
    units: tokens,
    prepare: async (): Promise<Prepared> => {
      const { model, tokenizer } = await loadPeer(files);
      let ids: number[] = [];
      return {
        call: async () => {
          const inputs = tokenizer(PROMPT) as { input_ids: { dims: number[] } };
          const output = (await model.generate({ ...inputs, max_new_tokens: tokens, do_sample: false })) as { tolist(): bigint[][] };
          ids = (output.tolist()[0] ?? []).slice(inputs.input_ids.dims[1]).map(Number);
        },
        result: () => Promise.resolve(Float32Array.from(ids)),
        dispose: () => void model.dispose(),
      };
    },
  };
}

export function decodeComparison(files: ModelFiles, scale: Scale): Comparison {
  const tokens = scale.decodeTokens;
  return {
    suite: DECODE_SUITE,
    name: `${tokens} tokens after a prompt of a few, greedy, ${files.name}`,
    unit: "token",
    ours: ours(files, tokens),
    other: transformersJs(files, tokens),
    reads: "speed-up",
    bar: { kind: "at least", value: 1.3 },
    note: "Times include the prompt. The peer's graph uses onnxruntime's fused operators (MatMulNBits, GroupQueryAttention, SkipLayerNormalization, FastGelu). Tokens agree where results differ by 0.",
  };
}
