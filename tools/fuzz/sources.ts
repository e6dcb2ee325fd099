/** Every parser that the fuzzer tries. */
import type { FuzzSource } from "./target.ts";
import { gguf } from "./targets/gguf.ts";
import { model } from "./targets/model.ts";
import { safetensors } from "./targets/safetensors.ts";
import { shards } from "./targets/shards.ts";

export const sources: readonly FuzzSource[] = [safetensors, gguf, shards, model];
