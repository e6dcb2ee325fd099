import type { ErrorFacts } from "../lib/errors.ts";
import type { ProjectsFacts } from "./projectsProtocol.ts";

/** What is wrong, told without being asked for. */
export type FaultNotice =
  | { readonly kind: "device-lost"; readonly error: ErrorFacts }
  | { readonly kind: "gpu-error"; readonly error: ErrorFacts };

/** What is kept has changed, or cannot be kept any more. */
export interface ProjectsNotice {
  readonly kind: "projects";
  readonly facts: ProjectsFacts;
}
/** The engine's worker is no more, and nothing of what it had in memory. */
export interface StoppedNotice {
  readonly kind: "engine-stopped";
  readonly error: ErrorFacts;
}
export type Notice = FaultNotice | ProjectsNotice | StoppedNotice;
