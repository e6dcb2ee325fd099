import type { ProjectItem, ProjectsFacts } from "../engine/protocol.ts";
import type { ErrorFacts } from "../lib/errors.ts";
import { modelVariants } from "./sourceRef.ts";
import type { LoadRequest, SourceRef } from "./sourceRef.ts";

/** What is kept of the person's work. */
export interface ProjectsState {
  /** Null until the engine has looked. */
  readonly facts: ProjectsFacts | null;
  readonly work: "none" | "opening" | "changing" | "exporting" | "importing";
  /** A project that is to be opened once its model is there: its files have to be picked again, or the load failed. */
  readonly waiting: { readonly id: string; readonly name: string; readonly model: string } | null;
  /** Adapters that were read from a file and wait for the person to say which. */
  readonly choice: { readonly folders: readonly string[] } | null;
  readonly error: ErrorFacts | null;
}

export const initialProjects: ProjectsState = { facts: null, work: "none", waiting: null, choice: null, error: null };

/** How sure the person can be of their work. */
export type Safety = "saved" | "empty" | "unsaved" | "starting";

/** @param edits there are now */
export function safetyOf({ facts }: ProjectsState, edits: number): Safety {
  if (facts === null || facts.role === "starting") return "starting";
  if (facts.role === "writer" && facts.saved !== null && facts.problem === null) return "saved";
  return edits === 0 && facts.problem === null ? "empty" : "unsaved";
}

export function currentOf({ facts }: ProjectsState): ProjectItem | null {
  return facts?.list.find(({ id }) => id === facts.current) ?? null;
}

type Fields = Readonly<Record<string, unknown>>;
const fieldsOf = (value: unknown): Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
const isText = (value: unknown): value is string => typeof value === "string" && value.length <= 2000;
const isOptional = (value: unknown): boolean => value === undefined || isText(value);

/** How a project asks for its model; files of strangers may say anything. Null for what is no such request. */
export function readRequest(value: unknown): LoadRequest | null {
  const { source, from, commit, precision, keep } = fieldsOf(value);
  const ref = readRef(fieldsOf(source));
  if (!ref || !isText(from) || (commit !== null && !isText(commit)) || typeof keep !== "boolean") return null;
  if (precision !== null && precision !== 4 && precision !== 8 && precision !== "stored") return null;
  return { source: ref, from, commit, precision, keep };
}

function readRef(source: Fields): SourceRef | null {
  const { kind, variant, id, revision, file, endpoint, url, key, name, count } = source;
  switch (kind) {
    case "built-in": {
      const known = modelVariants.find((each) => each === variant);
      return known ? { kind, variant: known } : null;
    }
    case "hub":
      if (!isText(id) || ![revision, file, endpoint].every(isOptional)) return null;
      return { kind, id, ...(optional({ revision, file, endpoint }) as Partial<Record<"revision" | "file" | "endpoint", string>>) };
    case "url":
      return isText(url) && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol) ? { kind, url } : null;
    case "kept":
      return isText(key) ? { kind, key } : null;
    case "files":
      return isText(name) && typeof count === "number" ? { kind, name, count, ...(isText(file) ? { file } : {}) } : null;
    default:
      return null;
  }
}

const optional = (fields: Fields): Fields => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

/** Whether two requests are for the same model, kept or not. */
export function sameModel(a: LoadRequest | null, b: LoadRequest | null): boolean {
  const what = (request: LoadRequest): string => JSON.stringify([request.source, request.commit, request.precision]);
  return a !== null && b !== null && what(a) === what(b);
}
