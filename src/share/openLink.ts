import { errorFacts } from "../lib/errors.ts";
import type { ErrorFacts } from "../lib/errors.ts";
import type { Lab } from "../store/lab.ts";
import { patch } from "../store/labStore.ts";
import type { LabState } from "../store/labStore.ts";
import type { LinkSlice } from "../store/linkSlice.ts";
import { initialPrompt } from "../store/promptSlice.ts";
import { activityOf } from "../store/selectors.ts";
import { compareOutcome } from "./expected.ts";
import { loadRequestOf } from "./labLink.ts";
import { badLink } from "./linkErrors.ts";
import { decodeLink, isLink } from "./linkCodec.ts";
import type { LinkState, SharedEdit } from "./linkState.ts";

/** Opens the lab as a link describes it, by the actions that a person has. Errors end up in the store. */
export interface LinkOpener {
  /** Starts the engine, with the link's model if the fragment is a link. */
  open(fragment: string): Promise<void>;
  /** The person lets a model of the Hub be downloaded. */
  accept(): Promise<void>;
  /** Ends the rebuilding; the edits made so far stay. */
  stop(): void;
  /** Puts away what is said of the link. */
  dismiss(): void;
}

export function createLinkOpener(lab: Lab): LinkOpener {
  const { store, actions } = lab;
  let waiting: LinkState | null = null;
  let stopped = false;
  let opened = false;
  const say = (fields: Partial<LinkSlice>): void => patch(store, "link", fields);

  const rebuild = async (link: LinkState): Promise<void> => {
    try {
      say({ status: "rebuilding" });
      await applySettings(lab, link);
      await writeEdits(lab, link.edits, (done) => {
        if (store.getState().link.done !== done) say({ done });
      });
      if (stopped) return say({ status: "stopped" });
      await setStrengths(lab, link.edits);
      await whenIdle(store);
      actions.typePrompt(link.prompt);
      say({ status: "done", done: link.edits.length, outcome: compareOutcome(store.getState().edit.edits, link.expected) });
    } catch (thrown) {
      say({ status: "failed", error: errorFacts(thrown) });
    }
  };

  const load = async (link: LinkState): Promise<void> => {
    say({ status: "loading" });
    await actions.load(loadRequestOf(link.model));
    if (store.getState().model.status === "ready") await rebuild(link);
    // What went wrong with the model is said where models are loaded.
    else say({ status: "stopped" });
  };

  /** What the link shows and hides is so from the beginning. */
  const present = ({ hidden, locked, view, lesson, prompt, decoding, edits, model }: LinkState): void => {
    say({ hidden, locked, view, done: 0, of: edits.length, model: model.kind === "hub" ? model.id : "" });
    actions.setOptions({ ...initialPrompt.options, ...decoding });
    if (prompt !== "") patch(store, "prompt", { text: prompt });
    if (!lesson) return;
    actions.openLearn(true);
    actions.goToStep(lesson.id, lesson.step);
  };

  return {
    async open(fragment) {
      // A development build draws everything twice.
      if (opened) return;
      opened = true;
      if (!isLink(fragment)) return actions.boot();
      say({ status: "reading" });
      const link = await decodeLink(fragment).catch((thrown: unknown) => errorFacts(thrown));
      if ("code" in link) {
        say({ status: "failed", error: link });
        return actions.boot();
      }
      present(link);
      if (link.model.kind === "hub") {
        waiting = link;
        say({ status: "asking" });
        return actions.boot(true);
      }
      say({ status: "loading" });
      patch(store, "model", { request: loadRequestOf(link.model) });
      await actions.boot(true);
      if (store.getState().model.status === "ready") await rebuild(link);
      else say({ status: "stopped" });
    },

    async accept() {
      const link = waiting;
      waiting = null;
      if (link) await load(link);
    },

    stop() {
      stopped = true;
      actions.emptyQueue();
      for (const { key } of store.getState().queue.items) actions.cancelQueued(key);
    },

    dismiss: () => say({ status: "none", error: null }),
  };
}

/** Waits for a state. @param found a value once it is there @throws EngineError when it cannot come any more */
function when<T>(store: Lab["store"], find: (state: LabState) => T | null): Promise<T> {
  return new Promise((resolve, reject) => {
    const look = (): boolean => {
      const state = store.getState();
      const found = find(state);
      if (found !== null) resolve(found);
      else if (activityOf(state) === "stopped") reject(badLink("the model or the GPU is gone.", "Open the link again."));
      return found !== null || activityOf(state) === "stopped";
    };
    if (look()) return;
    const end = store.subscribe(() => {
      if (look()) end();
    });
  });
}

/** The person may be generating meanwhile: that goes first. */
const whenIdle = (store: Lab["store"]): Promise<true> => when(store, (state) => (activityOf(state) === "idle" ? true : null));

/** @throws EngineError why they cannot be used with this model */
async function applySettings({ store, actions }: Lab, { method, settings, seed }: LinkState): Promise<void> {
  await whenIdle(store);
  const refused = (): Error => failureOf(store.getState().model.settingsError, "its settings could not be applied.");
  if (store.getState().model.facts?.method !== method && !(await actions.chooseMethod(method))) throw refused();
  const { facts } = store.getState().model;
  if (!facts) return;
  const { threshold, ...others } = settings;
  const next = { ...facts.settings, ...others, seed };
  if (JSON.stringify(next) !== JSON.stringify(facts.settings) && !(await actions.applySettings(next))) throw refused();
  if (typeof threshold === "number") await actions.setThreshold(threshold);
}

/** Through the queue, as a person's own. @throws EngineError when one cannot be written; the others are then left out */
async function writeEdits({ store, actions }: Lab, edits: readonly SharedEdit[], told: (done: number) => void): Promise<void> {
  const before = store.getState().queue.nextKey;
  actions.queueDrafts(
    edits.map(({ prompt, answer, rephrasings, subject }) => ({
      prompt,
      answer,
      rephrasings,
      ...(subject === undefined ? {} : { subject }),
    })),
  );
  const failed = await when(store, ({ queue }) => {
    const own = queue.items.filter(({ key }) => key >= before && key < before + edits.length);
    told(edits.length - own.length);
    const fault = own.find(({ status }) => status === "failed");
    return fault ?? (own.length === 0 ? "none" : null);
  });
  if (failed === "none") return;
  actions.emptyQueue();
  throw failureOf(failed.error, `the edit “${failed.draft.prompt}” could not be written.`);
}

/** Once all are there, as the sender did it. */
async function setStrengths({ store, actions }: Lab, edits: readonly SharedEdit[]): Promise<void> {
  for (const [i, { off, strength }] of edits.entries()) {
    const id = store.getState().edit.edits[i]?.id;
    if (id === undefined) continue;
    if (strength !== undefined) await actions.setStrength(id, strength);
    if (off) await actions.switchEdit(id, false);
  }
}

const failureOf = (error: ErrorFacts | null, what: string): Error =>
  error ? badLink(`${what} ${error.message}`, error.hint) : badLink(what, "Try it by hand.");
