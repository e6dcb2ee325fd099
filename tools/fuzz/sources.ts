/** Every parser that the fuzzer tries. */
import type { FuzzSource } from "./target.ts";
import { edits } from "./targets/edits.ts";
import { mixture, peft, picked, zip } from "./targets/exchange.ts";
import { gguf } from "./targets/gguf.ts";
import { log, project } from "./targets/keeping.ts";
import { model } from "./targets/model.ts";
import { safetensors } from "./targets/safetensors.ts";
import { shards } from "./targets/shards.ts";
import { config, shardIndex, strictJson, tokenizer } from "./targets/texts.ts";
import { address, hub, link, range, recording } from "./targets/web.ts";

const files: readonly FuzzSource[] = [safetensors, gguf, shards, model, config, tokenizer, shardIndex, strictJson];
const adapters: readonly FuzzSource[] = [mixture, peft, picked, zip];
const network: readonly FuzzSource[] = [link, range, hub, address, recording];

export const sources: readonly FuzzSource[] = [...files, edits, ...adapters, log, project, ...network];
