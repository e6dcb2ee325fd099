import type { GenerateEvent, RoutingOverride } from "../engine/protocol.ts";
import { errorFacts } from "../lib/errors.ts";
import type { Lab } from "./lab.ts";
import { initialMicroscope, mappedPoints, noAnswer, trialEvent, withOverride } from "./microscopeSlice.ts";
import type { MicroscopeState, MicroscopeStore, MicroscopeView } from "./microscopeSlice.ts";
import { generateParams } from "./promptSlice.ts";
import type { RoutingFrames } from "./routingFrames.ts";
import { settle, unlessAborted } from "./settle.ts";

export interface MicroscopeActions {
  show(view: MicroscopeView): void;
  /** Forces or mutes an expert of a layer, or clears that, and generates anew. */
  setOverride(layer: number, expert: number, kind: RoutingOverride["kind"] | null): Promise<void>;
  clearOverrides(): void;
  /** Continues the prompt without and with the overrides, the edits on in both. */
  tryOverrides(): Promise<void>;
  stopTrial(): void;
  /** Routes the second prompt, once the typing rests. */
  typeOther(text: string): void;
  /** Maps the edits' queries with the prompt's; while one map is on its way the last wish waits for it. */
  mapQueries(): Promise<void>;
  /** Measures where prompts stand; those that were measured at the same edits are not asked again. */
  measureScopes(prompts: readonly string[]): Promise<void>;
  typeOwn(text: string): void;
  /** What was measured or generated with other edits is none of these. */
  forgetMeasures(): void;
  /** Another mixture: its layers and experts are others. */
  startAnew(): void;
}

const TYPING_DELAY_MS = 140;

/** @param typingDelay after the last key before routing, in milliseconds */
export function createMicroscopeActions(
  { store: lab, frames, client }: Lab,
  store: MicroscopeStore,
  otherFrames: RoutingFrames,
  typingDelay = TYPING_DELAY_MS,
): MicroscopeActions {
  let trying = new AbortController();
  let routing = new AbortController();
  let measuring = new AbortController();
  let typing: ReturnType<typeof setTimeout> | undefined;
  let mapping = false;
  let mapAgain = false;

  const set = <K extends keyof MicroscopeState>(part: K, fields: Partial<MicroscopeState[K]>): void =>
    store.setState((state) => ({ [part]: { ...(state[part] as object), ...fields } }));
  const isReady = (): boolean => lab.getState().model.status === "ready" && lab.getState().device.status === "ready";

  /** One of the two texts, token by token; the second is followed by the heatmap. */
  const generate = async (side: "without" | "with", signal: AbortSignal): Promise<boolean> => {
    const { prompt } = lab.getState();
    const { overrides } = store.getState();
    const on = (event: GenerateEvent): void => {
      store.setState(({ trial }) => ({ trial: { ...trial, [side]: trialEvent(trial[side], event) } }));
      if (side === "without" || lab.getState().prompt.text !== prompt.text) return;
      if (event.kind === "prompt") frames.show(event.trace);
      else frames.append(event.piece, event.row);
    };
    const params = { ...generateParams(prompt.text, prompt.options, "auto"), edits: "on" as const };
    return settle(
      client.call("generate", side === "with" ? { ...params, overrides } : params, { signal, onEvent: unlessAborted(signal, on) }),
      ({ text }) => store.setState(({ trial }) => ({ trial: { ...trial, [side]: { ...trial[side], status: "done", text } } })),
      (error) => {
        if (error.code !== "cancelled" && !signal.aborted) set("trial", { error, [side]: noAnswer });
      },
    );
  };

  const actions: MicroscopeActions = {
    show: (view) => store.setState({ view }),

    async setOverride(layer, expert, kind) {
      store.setState(({ overrides }) => ({ overrides: withOverride(overrides, layer, expert, kind) }));
      await actions.tryOverrides();
    },

    clearOverrides() {
      trying.abort();
      store.setState(({ trial }) => ({ overrides: [], trial: { ...trial, with: noAnswer } }));
    },

    async tryOverrides() {
      trying.abort();
      const { text } = lab.getState().prompt;
      if (!isReady() || text.trim() === "") return;
      trying = new AbortController();
      const { signal } = trying;
      const { trial, overrides } = store.getState();
      // Edits may have changed since: the text without overrides is made anew as well.
      set("trial", { prompt: text, error: null, without: noAnswer, with: noAnswer });
      if (trial.prompt === text && trial.without.status === "done" && overrides.length > 0) set("trial", { without: trial.without });
      else if (!(await generate("without", signal))) return;
      if (overrides.length > 0 && !signal.aborted) await generate("with", signal);
    },

    stopTrial: () => trying.abort(),

    typeOther(text) {
      clearTimeout(typing);
      routing.abort();
      routing = new AbortController();
      const { signal } = routing;
      if (text.trim() === "") {
        otherFrames.clear();
        return set("other", { text, status: "none", error: null });
      }
      set("other", { text, status: "asking", error: null });
      const route = (): Promise<boolean> =>
        settle(
          client.call("route", { text }, { signal }),
          unlessAborted(signal, (trace) => {
            otherFrames.show(trace);
            set("other", { status: "done" });
          }),
          unlessAborted(signal, (error) => error.code !== "cancelled" && set("other", { status: "failed", error })),
        );
      typing = setTimeout(() => void (isReady() && route()), typingDelay);
    },

    async mapQueries() {
      if (!isReady()) return;
      mapAgain = mapping;
      if (mapping) return;
      mapping = true;
      set("map", { status: "asking", error: null });
      const { text } = lab.getState().prompt;
      try {
        const data = await client.call("queryMap", { prompts: text.trim() === "" ? [] : [text] });
        set("map", { status: "done", explained: data.explained, points: mappedPoints(data, store.getState().map.points) });
      } catch (thrown) {
        set("map", { status: "failed", error: errorFacts(thrown) });
      } finally {
        mapping = false;
      }
      if (mapAgain) await actions.mapQueries();
    },

    async measureScopes(prompts) {
      measuring.abort();
      const asked = prompts.filter((text) => !store.getState().scopes.of.has(text));
      if (!isReady() || asked.length === 0) return;
      measuring = new AbortController();
      const { signal } = measuring;
      set("scopes", { status: "asking", error: null });
      await settle(
        client.call("scopes", { prompts: asked }, { signal }),
        unlessAborted(signal, (measured) => {
          const of = new Map(store.getState().scopes.of);
          // Calls are answered in their order: the threshold of now is the one they were measured with.
          const threshold = lab.getState().model.facts?.threshold ?? 0;
          for (const [i, scope] of measured.entries()) of.set(asked[i] ?? "", { ...scope, threshold });
          set("scopes", { status: "done", of });
        }),
        unlessAborted(signal, (error) => set("scopes", { status: "failed", error })),
      );
    },

    typeOwn: (own) => store.setState({ own }),

    forgetMeasures() {
      measuring.abort();
      set("scopes", { status: "none", error: null, of: new Map() });
      set("trial", { prompt: "" });
    },

    startAnew() {
      trying.abort();
      routing.abort();
      otherFrames.clear();
      store.setState(({ view, own, other }) => ({
        ...initialMicroscope,
        view,
        own,
        other: { ...initialMicroscope.other, text: other.text },
      }));
    },
  };
  return actions;
}
