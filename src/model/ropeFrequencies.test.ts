import { describe, expect, test } from "vitest";
import { ConfigReader } from "./config.ts";
import { ropeFrequencies } from "./ropeFrequencies.ts";

const frequencies = (json: Readonly<Record<string, unknown>>, headSize = 8): number[] => ropeFrequencies(new ConfigReader(json), headSize);

function expectClose(got: readonly number[], expected: readonly number[]): void {
  expect(got).toHaveLength(expected.length);
  got.forEach((value, j) => expect(value / (expected[j] ?? NaN), `frequency ${j}`).toBeCloseTo(1, 12));
}

describe("rotary frequencies", () => {
  test("default: powers of theta", () => {
    expectClose(frequencies({}), [1, 0.1, 0.01, 0.001]);
    expectClose(frequencies({ rope_theta: 625 }), [1, 0.2, 0.04, 0.008]);
    expectClose(frequencies({ rope_theta: 625, rope_scaling: null }), [1, 0.2, 0.04, 0.008]);
    expectClose(frequencies({ rope_theta: 625, rope_scaling: { rope_type: "default" } }), [1, 0.2, 0.04, 0.008]);
  });
  test("linear: all divided by the factor, under either name of the field", () => {
    expectClose(frequencies({ rope_scaling: { rope_type: "linear", factor: 4 } }), [0.25, 0.025, 0.0025, 0.00025]);
    expectClose(frequencies({ rope_scaling: { type: "linear", factor: 4 } }), [0.25, 0.025, 0.0025, 0.00025]);
  });
  test("rope_parameters carry theta too", () => {
    expectClose(frequencies({ rope_parameters: { rope_type: "default", rope_theta: 625 } }), [1, 0.2, 0.04, 0.008]);
    expectClose(
      frequencies({ rope_theta: 7, rope_parameters: { rope_type: "linear", rope_theta: 625, factor: 2 } }),
      [0.5, 0.1, 0.02, 0.004],
    );
  });

  test("llama3: short waves stay, long ones are divided, and between them the share is a ramp", () => {
    const scaling = { rope_type: "llama3", factor: 8, low_freq_factor: 1, high_freq_factor: 4, original_max_position_embeddings: 1000 };
    // Wavelengths 2π · (1, 10, 100, 1000) = 6.28, 62.8, 628.3, 6283; kept below 1000 / 4, divided above 1000 / 1.
    const share = (1000 / (200 * Math.PI) - 1) / 3;
    expect(share).toBeCloseTo(0.19718, 5);
    const third = 0.01 * share + (0.01 / 8) * (1 - share);
    expect(third).toBeCloseTo(0.00297535, 8);
    expectClose(frequencies({ rope_scaling: scaling }), [1, 0.1, third, 0.001 / 8]);
  });

  test("llama3: a length stated beside the scaling wins, as in transformers", () => {
    const scaling = { rope_type: "llama3", factor: 8, low_freq_factor: 1, high_freq_factor: 4, original_max_position_embeddings: 9 };
    const beside = { rope_scaling: scaling, original_max_position_embeddings: 1000 };
    expectClose(frequencies(beside), frequencies({ rope_scaling: { ...scaling, original_max_position_embeddings: 1000 } }));
  });

  test("factors: each frequency has its divisor", () => {
    expectClose(frequencies({ rope_scaling: { rope_type: "factors", factors: [1, 2, 4, 8] } }), [1, 0.05, 0.0025, 0.000125]);
    for (const factors of [[1, 2, 4], [1, 2, 4, 0], [1, 2, 4, "8"], undefined]) {
      expect(() => frequencies({ rope_scaling: { rope_type: "factors", factors } })).toThrow(
        expect.objectContaining({ code: "bad-config", message: expect.stringContaining("4 numbers above 0") }),
      );
    }
  });

  test("dynamic: no scaling within the model's own context", () => {
    expectClose(frequencies({ rope_theta: 625, rope_scaling: { type: "dynamic", factor: 2 } }), [1, 0.2, 0.04, 0.008]);
  });

  test("refuses other scalings and missing factors", () => {
    expect(() => frequencies({ rope_scaling: { rope_type: "yarn", factor: 4 } })).toThrow(
      expect.objectContaining({ code: "unsupported-architecture", message: expect.stringMatching(/"yarn", expected default.*llama3/) }),
    );
    expect(() => frequencies({ rope_scaling: { rope_type: "linear" } })).toThrow(
      expect.objectContaining({ code: "bad-config", message: expect.stringContaining("rope_scaling: factor is missing") }),
    );
    expect(() => frequencies({ rope_scaling: { rope_type: "llama3", factor: 8 } })).toThrow(
      expect.objectContaining({ code: "bad-config" }),
    );
  });
});
