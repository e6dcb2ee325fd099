import type { StoreApi } from "zustand/vanilla";
import type { GenerateEvent, MethodScope, QueryMap, RoutingOverride } from "../engine/protocol.ts";
import type { ErrorFacts } from "../lib/errors.ts";
import { laidOver, pointsOf } from "../lib/plane.ts";
import type { PlanePoint } from "../lib/plane.ts";

export const microscopeViews = ["heatmap", "experts", "codes", "map", "dial"] as const;
export type MicroscopeView = (typeof microscopeViews)[number];

/** A text that is generated to be set beside another. */
export interface TrialAnswer {
  readonly status: "none" | "running" | "done";
  readonly text: string;
  readonly tokens: readonly { readonly id: number; readonly text: string; readonly probability: number }[];
}

export interface Trial {
  readonly prompt: string;
  readonly without: TrialAnswer;
  readonly with: TrialAnswer;
  readonly error: ErrorFacts | null;
}

interface Asked {
  readonly status: "none" | "asking" | "done" | "failed";
  readonly error: ErrorFacts | null;
}

export interface QueryPoint extends PlanePoint {
  /** The same from map to map; the prompt's stays while it is typed. */
  readonly key: string;
  /** Null: the prompt. */
  readonly edit: number | null;
  readonly text: string;
}

/** With the threshold that its bound was made with. */
export type MeasuredScope = MethodScope & { readonly threshold: number };

/** State of the microscope; rows of the second prompt's routing are in its own frames. */
export interface MicroscopeState {
  readonly view: MicroscopeView;
  /** One for each expert of a layer, in the order in which they were set. */
  readonly overrides: readonly RoutingOverride[];
  readonly trial: Trial;
  /** The second prompt, B. */
  readonly other: Asked & { readonly text: string };
  readonly map: Asked & { readonly points: readonly QueryPoint[]; readonly explained: QueryMap["explained"] };
  /** Where prompts stand, by their text. */
  readonly scopes: Asked & { readonly of: ReadonlyMap<string, MeasuredScope> };
  /** The person's own prompts for the dial, one a line. */
  readonly own: string;
}

export const noAnswer: TrialAnswer = { status: "none", text: "", tokens: [] };
const notAsked: Asked = { status: "none", error: null };

export const initialMicroscope: MicroscopeState = {
  view: "heatmap",
  overrides: [],
  trial: { prompt: "", without: noAnswer, with: noAnswer, error: null },
  other: { ...notAsked, text: "" },
  map: { ...notAsked, points: [], explained: [0, 0] },
  scopes: { ...notAsked, of: new Map() },
  own: "",
};

export type MicroscopeStore = StoreApi<MicroscopeState>;

/** Sets what is done to one expert, or clears it. */
export function withOverride(
  overrides: readonly RoutingOverride[],
  layer: number,
  expert: number,
  kind: RoutingOverride["kind"] | null,
): readonly RoutingOverride[] {
  const others = overrides.filter((one) => one.layer !== layer || one.expert !== expert);
  return kind === null ? others : [...others, { layer, expert, kind }];
}

export function trialEvent(answer: TrialAnswer, event: GenerateEvent): TrialAnswer {
  if (event.kind === "prompt") return { ...answer, status: "running" };
  const token = { id: event.piece.id, text: event.piece.text, probability: event.probability };
  return { status: "running", text: answer.text + event.text, tokens: [...answer.tokens, token] };
}

/** A new map, laid over the last by the edits' points that both have: the principal components turn with every prompt that joins them. */
export function mappedPoints({ entries, points }: QueryMap, last: readonly QueryPoint[]): QueryPoint[] {
  const places = new Map(last.map((point) => [point.key, point]));
  const raw = pointsOf(points);
  const keys = entries.map(({ edit, text }) => (edit === null ? "prompt" : `${edit}:${text}`));
  const shared = raw.flatMap((now, i) => {
    const before = entries[i]?.edit === null ? undefined : places.get(keys[i] ?? "");
    return before ? [{ now, before }] : [];
  });
  return laidOver(raw, shared).map((point, i) => ({
    ...point,
    key: keys[i] ?? "",
    edit: entries[i]?.edit ?? null,
    text: entries[i]?.text ?? "",
  }));
}
