import { errorFacts } from "../lib/errors.ts";
import type { ErrorFacts } from "../lib/errors.ts";
import type { Lab } from "../store/lab.ts";
import { patch } from "../store/labStore.ts";
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
      for (const [done, edit] of link.edits.entries()) {
        say({ done });
        if (stopped) return say({ status: "stopped" });
        await writeEdit(lab, edit);
      }
      const { edits } = store.getState().edit;
      actions.typePrompt(link.prompt);
      say({ status: "done", done: link.edits.length, outcome: compareOutcome(edits, link.expected) });
    } catch (thrown) {
      if (stopped) say({ status: "stopped" });
      else say({ status: "failed", error: errorFacts(thrown) });
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
        return actions.boot();
      }
      say({ status: "loading" });
      patch(store, "model", { request: loadRequestOf(link.model) });
      await actions.boot();
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
      actions.cancelTraining();
    },

    dismiss: () => say({ status: "none", error: null }),
  };
}

/** The person may be generating meanwhile: that goes first. @throws EngineError when nothing can be done any more */
function whenIdle(store: Lab["store"]): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = (): boolean => {
      const activity = activityOf(store.getState());
      if (activity === "idle") resolve();
      else if (activity === "stopped") reject(badLink("the model or the GPU is gone.", "Open the link again."));
      return activity === "idle" || activity === "stopped";
    };
    if (look()) return;
    const stop = store.subscribe(() => {
      if (look()) stop();
    });
  });
}

/** @throws EngineError why they cannot be used with this model */
async function applySettings({ store, actions }: Lab, { settings, seed }: LinkState): Promise<void> {
  const { facts } = store.getState().model;
  if (!facts) return;
  const next = { ...facts.settings, ...settings, seed };
  if (JSON.stringify(next) === JSON.stringify(facts.settings)) return;
  await whenIdle(store);
  if (!(await actions.applySettings(next))) throw failureOf(store.getState().model.settingsError, "its settings could not be applied.");
}

/** As a person writes one. @throws EngineError when it cannot be written */
async function writeEdit({ store, actions }: Lab, { prompt, answer, rephrasings }: SharedEdit): Promise<void> {
  await whenIdle(store);
  const before = store.getState().edit.edits.length;
  actions.setForm({ prompt, answer, rephrasings: rephrasings.join("\n") });
  await actions.train();
  const { edit } = store.getState();
  if (edit.edits.length === before) throw failureOf(edit.error, `the edit “${prompt}” could not be written.`);
}

const failureOf = (error: ErrorFacts | null, what: string): Error =>
  error ? badLink(`${what} ${error.message}`, error.hint) : badLink(what, "Try it by hand.");
