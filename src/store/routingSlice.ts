import type { ErrorFacts } from "../lib/errors.ts";
import type { RoutingTrace, ScopeDecision } from "../engine/protocol.ts";

/** Facts of the routing on show; its rows live in the routing frames, outside the store. */
export interface RoutingState {
  /** waiting: what is shown belongs to an earlier text; the answer for the current one is on its way. */
  readonly status: "empty" | "waiting" | "current" | "failed";
  /** The text that was routed. */
  readonly text: string;
  readonly scope: ScopeDecision | null;
  readonly error: ErrorFacts | null;
}

export const initialRouting: RoutingState = { status: "empty", text: "", scope: null, error: null };

export function routed(text: string, trace: RoutingTrace): RoutingState {
  return { status: "current", text, scope: trace.scope, error: null };
}
