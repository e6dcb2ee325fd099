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
import type { LinkProjects } from "./linkProjects.ts";
import type { LinkState, SharedEdit } from "./linkState.ts";

/** Opens the lab as a link describes it, by the actions that a person has. Errors end up in the store. */
export interface LinkOpener {
  /** Starts the engine, with the link's model if the fragment is a link. */
  open(fragment: string): Promise<void>;
  /** The person lets a model of the Hub be downloaded. */
  accept(): Promise<void>;
  /** Makes another project from a link whose project is open. */
  afresh(): Promise<void>;
  /** Ends the rebuilding; the edits made so far stay. */
  stop(): void;
  /** Puts away what is said of the link. */
  dismiss(): void;
}

export function createLinkOpener(lab: Lab, projects: LinkProjects): LinkOpener {
  const { store, actions } = lab;
  let link: LinkState | null = null;
  let fragment = "";
  let stopped = false;
  let opened = false;
  const say = (fields: Partial<LinkSlice>): void => patch(store, "link", fields);
  /** The project that takes up what is rebuilt; there is none before the first edit. */
  const remember = (finished: boolean): void => {
    const project = store.getState().projects.facts?.current;
    if (typeof project === "string") projects.remember(fragment, { project, finished });
  };

  /** @param from edits that are there already, in the link's settings */
  const rebuild = async (wanted: LinkState, from = 0): Promise<void> => {
    try {
      stopped = false;
      say({ status: "rebuilding", done: from });
      if (from === 0) await applySettings(lab, wanted);
      await writeEdits(lab, wanted.edits.slice(from), (done) => {
        if (store.getState().link.done === from + done) return;
        say({ done: from + done });
        remember(false);
      });
      if (stopped) {
        remember(true);
        return say({ status: "stopped" });
      }
      await setStrengths(lab, wanted.edits);
      await whenIdle(store);
      remember(true);
      actions.typePrompt(wanted.prompt);
      say({ status: "done", done: wanted.edits.length, outcome: compareOutcome(store.getState().edit.edits, wanted.expected) });
    } catch (thrown) {
      say({ status: "failed", error: errorFacts(thrown) });
    }
  };

  const load = async (wanted: LinkState): Promise<void> => {
    say({ status: "loading" });
    await actions.load(loadRequestOf(wanted.model));
    if (store.getState().model.status === "ready") await rebuild(wanted);
    // What went wrong with the model is said where models are loaded.
    else say({ status: "stopped" });
  };

  /** The project that the link became before, if it is still there. */
  const madeBefore = () => {
    const made = projects.find(fragment);
    const there = store.getState().projects.facts?.list.some(({ id, deleted }) => id === made?.project && deleted === null);
    return there === true ? made : null;
  };

  /** Puts the link's project in use as it is; one that the page was left with half way goes on. @returns whether it is in use */
  const reopen = async (wanted: LinkState): Promise<boolean> => {
    const made = madeBefore();
    if (!made || !(await actions.openProject(made.project))) return false;
    const { edits } = store.getState().edit;
    const goesOn = !made.finished && edits.length > 0 && edits.every((edit, i) => isSame(edit, wanted.edits[i]));
    if (goesOn) await rebuild(wanted, edits.length);
    else say({ status: "found", done: edits.length });
    return true;
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
    async open(address) {
      // A development build draws everything twice.
      if (opened) return;
      opened = true;
      if (!isLink(address)) return actions.boot();
      fragment = address;
      say({ status: "reading" });
      const read = await decodeLink(address).catch((thrown: unknown) => errorFacts(thrown));
      if ("code" in read) {
        say({ status: "failed", error: read });
        return actions.boot();
      }
      link = read;
      present(link);
      if (link.model.kind === "hub") {
        say({ status: "asking" });
        return actions.boot(true);
      }
      say({ status: "loading" });
      patch(store, "model", { request: loadRequestOf(link.model) });
      await actions.boot(true);
      if (store.getState().model.status !== "ready") say({ status: "stopped" });
      else if (!(await reopen(link))) await rebuild(link);
    },

    async accept() {
      if (!link || store.getState().link.status !== "asking") return;
      say({ status: "loading" });
      if (!(await reopen(link))) await load(link);
    },

    async afresh() {
      if (link && store.getState().link.status === "found") await load(link);
    },

    stop() {
      stopped = true;
      actions.emptyQueue();
      for (const { key } of store.getState().queue.items) actions.cancelQueued(key);
    },

    dismiss: () => say({ status: "none", error: null }),
  };
}

const isSame = (edit: Pick<SharedEdit, "prompt" | "answer" | "rephrasings">, shared: SharedEdit | undefined): boolean =>
  edit.prompt === shared?.prompt && edit.answer === shared.answer && edit.rephrasings.join("\n") === shared.rephrasings.join("\n");

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
