/** Models that people come with, so that size, memory and licence are known before anything is asked of the network. */
export interface CuratedModel {
  /** Of its repository on the Hub. */
  readonly id: string;
  readonly licence: string;
  /** Its owner wants terms to be accepted first. */
  readonly gated: boolean;
  readonly parameters: number;
  readonly downloadBytes: number;
  /** Bytes of the weights on the GPU at 4 and at 8 bits. */
  readonly weightBytes: Readonly<Record<4 | 8, number>>;
}

/** Weights by what happens to them: packed, packed to no fewer than 8 bits, left as float32. */
interface Counts {
  readonly matrices: number;
  readonly tiedEmbedding: number;
  readonly floats: number;
  /** In the file, and read by nobody. */
  readonly unreadBytes: number;
}

/** With a float16 scale for each 32 weights. */
const bitsPerWeight = { 4: 4.5, 8: 8.5 } as const;

function sized({ matrices, tiedEmbedding, floats, unreadBytes }: Counts, bytesPerWeight: number) {
  const parameters = matrices + tiedEmbedding + floats;
  const packed = (bits: 4 | 8): number => Math.round((matrices * bitsPerWeight[bits] + tiedEmbedding * bitsPerWeight[8]) / 8 + 4 * floats);
  return { parameters, downloadBytes: parameters * bytesPerWeight + unreadBytes, weightBytes: { 4: packed(4), 8: packed(8) } };
}

/** GPT-2: float32, tied, with the causal masks of its blocks in the file. */
function gpt2(id: string, layers: number, width: number): CuratedModel {
  const counts = {
    matrices: layers * 12 * width * width,
    tiedEmbedding: 50_257 * width,
    floats: 1024 * width + layers * 13 * width + 2 * width,
    unreadBytes: 4 * layers * 1024 * 1024,
  };
  return { id: `openai-community/${id}`, licence: "MIT", gated: false, ...sized(counts, 4) };
}

interface LlamaShape {
  readonly layers: number;
  readonly width: number;
  /** Of the gated MLP. */
  readonly inner: number;
  /** Of keys and of values. */
  readonly keys: number;
  readonly vocabulary: number;
  readonly tied?: boolean;
  /** Biases on queries, keys and values. */
  readonly biases?: boolean;
}

/** Llama and its kin: 16 bits a weight in the file. */
function llama(id: string, licence: string, shape: LlamaShape, gated = false): CuratedModel {
  const { layers, width, inner, keys, vocabulary, tied = false, biases = false } = shape;
  const embedding = vocabulary * width;
  const counts = {
    matrices: layers * (2 * width * width + 2 * width * keys + 3 * width * inner) + (tied ? 0 : 2 * embedding),
    tiedEmbedding: tied ? embedding : 0,
    floats: width + layers * (2 * width + (biases ? width + 2 * keys : 0)),
    unreadBytes: 0,
  };
  return { id, licence, gated, ...sized(counts, 2) };
}

const smol135: LlamaShape = { layers: 30, width: 576, inner: 1536, keys: 192, vocabulary: 49_152, tied: true };
const smol360: LlamaShape = { layers: 32, width: 960, inner: 2560, keys: 320, vocabulary: 49_152, tied: true };
const smol1700: LlamaShape = { layers: 24, width: 2048, inner: 8192, keys: 2048, vocabulary: 49_152, tied: true };
const tinyLlama: LlamaShape = { layers: 22, width: 2048, inner: 5632, keys: 256, vocabulary: 32_000 };
const llama32: LlamaShape = { layers: 16, width: 2048, inner: 8192, keys: 512, vocabulary: 128_256, tied: true };
const llama2: LlamaShape = { layers: 32, width: 4096, inner: 11_008, keys: 4096, vocabulary: 32_000 };
const qwen2: LlamaShape = { layers: 24, width: 896, inner: 4864, keys: 128, vocabulary: 151_936, tied: true, biases: true };

export const curatedModels: readonly CuratedModel[] = [
  gpt2("gpt2", 12, 768),
  gpt2("gpt2-medium", 24, 1024),
  gpt2("gpt2-large", 36, 1280),
  gpt2("gpt2-xl", 48, 1600),
  llama("HuggingFaceTB/SmolLM2-135M", "Apache-2.0", smol135),
  llama("HuggingFaceTB/SmolLM2-135M-Instruct", "Apache-2.0", smol135),
  llama("HuggingFaceTB/SmolLM2-360M", "Apache-2.0", smol360),
  llama("HuggingFaceTB/SmolLM2-360M-Instruct", "Apache-2.0", smol360),
  llama("Qwen/Qwen2-0.5B", "Apache-2.0", qwen2),
  llama("TinyLlama/TinyLlama-1.1B-Chat-v1.0", "Apache-2.0", tinyLlama),
  llama("meta-llama/Llama-3.2-1B", "Llama 3.2 Community", llama32, true),
  llama("HuggingFaceTB/SmolLM2-1.7B", "Apache-2.0", smol1700),
  llama("HuggingFaceTB/SmolLM2-1.7B-Instruct", "Apache-2.0", smol1700),
  llama("meta-llama/Llama-2-7b-hf", "Llama 2 Community", llama2, true),
];
