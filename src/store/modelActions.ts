import { errorFacts } from "../lib/errors.ts";
import type { ModelSource, PickedFile } from "../engine/protocol.ts";
import { createPauseSwitch } from "../lib/pauseSwitch.ts";
import type { EngineBinding } from "./bindEngine.ts";
import { checkFailed, checkStarted, initialChoice, requestOf } from "./choiceSlice.ts";
import type { ChoiceState, SourceForm } from "./choiceSlice.ts";
import { patch, update } from "./labStore.ts";
import type { LabStore } from "./labStore.ts";
import { builtInModelPath, hostOf, nameOfFiles } from "./sourceRef.ts";
import type { LoadRequest, SourceRef } from "./sourceRef.ts";

/** What can be done about which model is in use. */
export interface ModelActions {
  /** Replaces the model; its edits go with it. */
  load(request: LoadRequest): Promise<void>;
  cancelLoad(): void;
  pauseLoad(paused: boolean): void;
  /** Puts away what is said of a load that led to nothing. */
  dismissLoad(): void;
  openChoice(): void;
  /** Ends the choice, and a check under way. */
  closeChoice(): void;
  /** Back from what a source is to all of them. */
  chooseAgain(): void;
  setSourceForm(form: Partial<SourceForm>): void;
  setChoice(choice: Partial<Pick<ChoiceState, "precision" | "keep">>): void;
  /** Finds out what a source holds, before anything big is read. */
  check(source: SourceRef): Promise<void>;
  /** The same for files that are still to be found in what was picked or dropped. */
  checkFiles(find: () => Promise<readonly PickedFile[]>): Promise<void>;
  loadChecked(): Promise<void>;
  /** Holds a token in memory, for the host of the repository that is being checked, and checks that again. */
  giveToken(token: string): Promise<void>;
  forgetTokens(): void;
}

export interface ModelParts {
  readonly store: LabStore;
  readonly engine: EngineBinding;
  readonly addressOf: (path: string) => string;
  /** Stops what the model is doing, before another takes its place. */
  readonly stopWork: () => void;
  /** Called once there is a model again, another one or the one before. */
  readonly onModel: () => Promise<void>;
  /** Called once it is clear that there is none. */
  readonly onNoModel: () => void;
}

export function createModelActions({ store, engine, addressOf, stopWork, onModel, onNoModel }: ModelParts): ModelActions {
  let loading = new AbortController();
  let checking = new AbortController();
  let pause = createPauseSwitch();
  let loadRun: Promise<void> = Promise.resolve();
  /** Never in the store: files are no plain data, and tokens are nobody else's business. */
  let picked: readonly PickedFile[] = [];
  const tokens = new Map<string, string>();

  const sourceOf = (ref: SourceRef): ModelSource => {
    switch (ref.kind) {
      case "built-in":
        return { kind: "manifest", url: addressOf(builtInModelPath(ref.variant)) };
      case "hub": {
        const token = tokens.get(hostOf(ref));
        return token === undefined ? ref : { ...ref, token };
      }
      case "files":
        return { kind: "files", files: picked, ...(ref.file === undefined ? {} : { file: ref.file }) };
      case "url":
      case "kept":
        return ref;
    }
  };

  const replace = async (request: LoadRequest): Promise<void> => {
    const before = store.getState().model;
    const loaded = await engine.load(request, sourceOf(request.source), { signal: loading.signal, pause });
    // A load that fails leaves the earlier model in place where the engine still has it: its list of edits tells.
    const restored = !loaded && before.facts !== null && (await engine.listEdits());
    if (!loaded && !restored) onNoModel();
    if (restored) patch(store, "model", { status: "ready", facts: before.facts, loaded: before.loaded });
    const read = engine.readStorage();
    if (loaded || restored) await onModel();
    await read;
  };

  const actions: ModelActions = {
    async load(request) {
      stopWork();
      loading.abort();
      await loadRun;
      [loading, pause] = [new AbortController(), createPauseSwitch()];
      loadRun = replace(request);
      await loadRun;
    },

    cancelLoad: () => loading.abort(),

    pauseLoad(paused) {
      if (store.getState().model.status !== "loading") return;
      patch(store, "model", { pausing: paused });
      pause.set(paused);
    },

    dismissLoad: () => patch(store, "model", { error: null }),

    openChoice() {
      const { form, keep, tokenHosts } = store.getState().choice;
      store.setState({ choice: { ...initialChoice, open: true, form, keep, tokenHosts } });
      void engine.readStorage();
    },

    closeChoice() {
      checking.abort();
      patch(store, "choice", { open: false });
    },

    chooseAgain() {
      checking.abort();
      patch(store, "choice", { status: "choosing", facts: null, error: null });
    },

    setSourceForm: (form) => update(store, "choice", (choice) => ({ ...choice, form: { ...choice.form, ...form } })),
    setChoice: (fields) => patch(store, "choice", fields),

    async check(source) {
      checking.abort();
      checking = new AbortController();
      await engine.check(source, sourceOf(source), checking.signal);
    },

    async checkFiles(find) {
      checking.abort();
      const { signal } = (checking = new AbortController());
      update(store, "choice", (choice) => checkStarted(choice, { kind: "files", name: "", count: 0 }));
      try {
        const files = await find();
        if (signal.aborted) return;
        picked = files;
      } catch (thrown) {
        if (!signal.aborted) update(store, "choice", (choice) => checkFailed(choice, errorFacts(thrown)));
        return;
      }
      await actions.check({ kind: "files", name: nameOfFiles(picked.map(({ path }) => path)), count: picked.length });
    },

    async loadChecked() {
      const request = requestOf(store.getState().choice);
      if (!request) return;
      actions.closeChoice();
      await actions.load(request);
    },

    async giveToken(token) {
      const { source } = store.getState().choice;
      if (source?.kind !== "hub" || token.trim() === "") return;
      tokens.set(hostOf(source), token.trim());
      patch(store, "choice", { tokenHosts: [...tokens.keys()] });
      await actions.check(source);
    },

    forgetTokens() {
      tokens.clear();
      patch(store, "choice", { tokenHosts: [] });
    },
  };
  return actions;
}
