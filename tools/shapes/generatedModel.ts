/** Models of real shapes with generated weights: their files are made where they are read, and never exist as a whole. */
import { encodeFloat16 } from "../../src/lib/float16.ts";
import { createPrng } from "../../src/lib/prng.ts";
import { readModelConfig } from "../../src/model/architectures/registry.ts";
import { expectedTensors, tensorPlan } from "../../src/model/tensorPlan.ts";
import type { ByteSource, FileSet } from "../../src/weights/byteSource.ts";
import { memoryFiles } from "../../src/weights/fileSets.ts";
import { elementCount } from "../../src/weights/hostTensor.ts";

type Config = Readonly<Record<string, unknown>>;
const llama = (rest: Config): Config => ({
  model_type: "llama",
  hidden_act: "silu",
  rms_norm_eps: 1e-5,
  tie_word_embeddings: false,
  ...rest,
});
const gpt2 = (n_embd: number, n_layer: number, n_head: number): Config => ({
  model_type: "gpt2",
  n_embd,
  n_layer,
  n_head,
  n_positions: 1024,
  vocab_size: 50257,
});

/** config.json of the published models, as far as shapes go. */
const configs: Readonly<Record<string, Config>> = {
  gpt2: gpt2(768, 12, 12),
  "gpt2-xl": gpt2(1600, 48, 25),
  "tinyllama-1.1b": llama({
    hidden_size: 2048,
    intermediate_size: 5632,
    num_hidden_layers: 22,
    num_attention_heads: 32,
    num_key_value_heads: 4,
    max_position_embeddings: 2048,
    vocab_size: 32000,
  }),
  "llama-3.2-1b": llama({
    hidden_size: 2048,
    intermediate_size: 8192,
    num_hidden_layers: 16,
    num_attention_heads: 32,
    num_key_value_heads: 8,
    head_dim: 64,
    max_position_embeddings: 131072,
    vocab_size: 128256,
    tie_word_embeddings: true,
    rope_theta: 500000,
    rope_scaling: { rope_type: "llama3", factor: 32, low_freq_factor: 1, high_freq_factor: 4, original_max_position_embeddings: 8192 },
  }),
  "llama-2-7b": llama({
    hidden_size: 4096,
    intermediate_size: 11008,
    num_hidden_layers: 32,
    num_attention_heads: 32,
    num_key_value_heads: 32,
    max_position_embeddings: 4096,
    vocab_size: 32000,
  }),
};
export const shapeNames: readonly string[] = Object.keys(configs);

interface Placed {
  readonly name: string;
  readonly shape: readonly number[];
  /** First byte of its data. */
  readonly begin: number;
  readonly bytes: number;
}

/** @returns the model's files, float16 as most checkpoints are, and the bytes of its weights */
export function generatedModel(
  name: string,
  tokenizerJson: string,
): { readonly files: FileSet; readonly bytes: number; readonly stored: string } {
  const config = configs[name] ?? {};
  const { placed, bytes } = placeTensors(config);
  const weights = safetensorsSource("model.safetensors", placed, bytes);
  const texts = new Map(
    [
      ["config.json", JSON.stringify(config)],
      ["tokenizer.json", tokenizerJson],
    ].map(([file = "", text]) => [file, new TextEncoder().encode(text)]),
  );
  const others = memoryFiles(name, texts);
  const files: FileSet = {
    name,
    files: [...texts.keys(), weights.name],
    open: (file) => (file === weights.name ? weights : others.open(file)),
  };
  return { files, bytes, stored: "float16 safetensors" };
}

function placeTensors(config: Config): { readonly placed: Placed[]; readonly bytes: number } {
  const { architecture, config: read } = readModelConfig(config);
  const plan = tensorPlan(config);
  let begin = 0;
  const placed = [...expectedTensors(architecture, read)].map(([name, shape]) => {
    // Conv1D weights are stored [I, O].
    const stored = plan(name, shape)?.transpose ? shape.toReversed() : shape;
    const tensor = { name, shape: stored, begin, bytes: 2 * elementCount(shape) };
    begin += tensor.bytes;
    return tensor;
  });
  return { placed, bytes: begin };
}

/** Bytes of weights that are made once and read again and again. */
const patternBytes = 2 * 1024 * 1024 + 34;

function safetensorsSource(name: string, placed: readonly Placed[], dataBytes: number): ByteSource {
  const entries = placed.map(({ name: tensor, shape, begin, bytes }) => [
    tensor,
    { dtype: "F16", shape, data_offsets: [begin, begin + bytes] },
  ]);
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)));
  const header = new Uint8Array(8 + json.length);
  new DataView(header.buffer).setBigUint64(0, BigInt(json.length), true);
  header.set(json, 8);
  const noise = pattern();
  const ones = new Uint8Array(Uint16Array.from({ length: 16_384 }, () => 0x3c00).buffer);
  const fill = (target: Uint8Array, at: number, tensor: Placed): void => {
    const source = /(?:norm|ln_\w)\.weight$/.test(tensor.name) ? ones : noise;
    for (let done = 0; done < target.length;) {
      const from = (at - tensor.begin + done) % source.length;
      const part = source.subarray(from, from + target.length - done);
      target.set(part, done);
      done += part.length;
    }
  };
  return {
    name,
    size: header.length + dataBytes,
    async read(begin, end) {
      const bytes = new Uint8Array(end - begin);
      bytes.set(header.subarray(begin, end));
      const [first, last] = [begin - header.length, end - header.length];
      for (const tensor of placed) {
        const [from, to] = [Math.max(first, tensor.begin), Math.min(last, tensor.begin + tensor.bytes)];
        if (from < to) fill(bytes.subarray(from - first, to - first), from, tensor);
      }
      return bytes;
    },
  };
}

/** Normal float16 numbers of the spread that GPT-2 begins with. */
function pattern(): Uint8Array {
  const prng = createPrng(1);
  const normal = (): number => 0.02 * Math.sqrt(-2 * Math.log(1 - prng.next())) * Math.cos(2 * Math.PI * prng.next());
  return new Uint8Array(Uint16Array.from({ length: patternBytes / 2 }, () => encodeFloat16(normal())).buffer);
}
