import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { errorFacts, type ErrorFacts } from "../../lib/errors.ts";
import { tinySettings } from "../../mixture/testing/methodSettings.ts";
import type { MethodSettings } from "../../mixture/settings.ts";
import { readModelConfig } from "../../model/architectures/registry.ts";
import type { ModelOutline } from "../modules.ts";

const reference = "tools/testing/reference";

export const readReference = (path: string): Uint8Array<ArrayBuffer> => Uint8Array.from(readFileSync(`${reference}/${path}`));

/** A model of the reference folders, by its configuration alone. */
export const referenceOutline = (name: "tiny-gpt2" | "tiny-llama"): ModelOutline =>
  readModelConfig(JSON.parse(new TextDecoder().decode(readReference(`${name}/config.json`))));

/** The same with one module so narrow that properties can be tested on it. */
export function narrowOutline(
  name: "tiny-gpt2" | "tiny-llama",
  inputs: number,
  outputs: number,
): ModelOutline & { readonly module: string } {
  const { architecture, config } = referenceOutline(name);
  const module = architecture.downProjection;
  return {
    architecture,
    config: { ...config, linears: { ...config.linears, [module]: { rows: outputs, columns: inputs, bias: true } } },
    module,
  };
}

export const settingsOf = (change: Partial<MethodSettings>): MethodSettings => ({ ...tinySettings, ...change });

/** Finite floats of any bits: -0, the smallest, and denormals among them. */
export const finiteFloats = (length: number): fc.Arbitrary<Float32Array> =>
  fc
    .uint32Array({ minLength: length, maxLength: length })
    .map((bits) => new Float32Array(bits.map((word) => ((word & 0x7f800000) === 0x7f800000 ? word & 0xbfffffff : word)).buffer));

export const bitsOf = (values: Float32Array): Uint32Array => new Uint32Array(values.slice().buffer);

/** What a call is refused with; undefined when it is not. */
export function refusal(call: () => unknown): ErrorFacts | undefined {
  try {
    call();
    return undefined;
  } catch (thrown) {
    return errorFacts(thrown);
  }
}
