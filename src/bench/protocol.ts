/** What crosses between the page and the worker that measures. Plain data. */
import type { ErrorFacts } from "../lib/errors.ts";
import type { Adapter, Results, Row } from "./results.ts";

export interface BenchRequest {
  readonly quick: boolean;
  /** Address of the model's manifest. */
  readonly manifest: string;
}

export type BenchMessage =
  | { readonly kind: "adapter"; readonly adapter: Adapter }
  | { readonly kind: "progress"; readonly done: number; readonly total: number; readonly name: string; readonly row?: Row }
  | { readonly kind: "results"; readonly results: Results }
  | { readonly kind: "error"; readonly error: ErrorFacts };
