import { EngineError } from "../lib/errors.ts";
import { badProject } from "./files.ts";
import type { Json } from "./patch.ts";

/** What a newer page makes of the facts that an older one kept. The function at index i leads from schema i + 1 to i + 2. */
export type Migration = (facts: Json) => Json;

type Fields = Readonly<Record<string, Json>>;
const isFields = (value: Json | undefined): value is Fields => typeof value === "object" && value !== null && !Array.isArray(value);

/** Edits of schema 1 could neither be switched off, nor weakened, nor asked again. */
const withSwitches: Migration = (facts) => {
  if (!isFields(facts) || !Array.isArray(facts.edits)) return facts;
  const edits = (facts.edits as readonly Json[]).map((edit) =>
    isFields(edit) ? { on: true, strength: 1, standing: null, ...edit } : edit,
  );
  return { ...facts, edits };
};

export const migrations: readonly Migration[] = [withSwitches];

/** @throws EngineError `newer-schema`, `bad-project` */
export function migrate(facts: Json, schema: number, steps: readonly Migration[]): Json {
  const newest = steps.length + 1;
  if (schema > newest) throw newerSchema(schema, newest);
  return steps.slice(schema - 1).reduce((value, step) => step(value), facts);
}

/** @param header of a file @throws EngineError `newer-schema`, `bad-project` */
export function schemaOf(header: unknown, newest: number): number {
  const schema = isFields(header as Json) ? (header as Fields).schema : undefined;
  if (typeof schema !== "number" || !Number.isSafeInteger(schema) || schema < 1)
    throw badProject("Got a file without the number of its schema.");
  if (schema > newest) throw newerSchema(schema, newest);
  return schema;
}

const newerSchema = (got: number, newest: number): EngineError =>
  new EngineError(
    "newer-schema",
    `Got a project of schema ${got}, expected at most ${newest}: this page is older than the project.`,
    "Reload the page to get its newest version; until then nothing is changed here.",
  );
