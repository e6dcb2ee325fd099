import type { AdapterExport, ImportedAdapters, OpenedProject, ProjectFile } from "../engine/protocol.ts";
import { errorFacts, type ErrorFacts } from "../lib/errors.ts";
import type { EngineBinding } from "./bindEngine.ts";
import { editsListed } from "./editSlice.ts";
import { patch, update } from "./labStore.ts";
import type { LabStore } from "./labStore.ts";
import { editsReplaced } from "./ledgerSlice.ts";
import { readRequest, sameModel, type ProjectsState } from "./projectsSlice.ts";
import { builtIn } from "./sourceRef.ts";
import type { LoadRequest } from "./sourceRef.ts";

/** A file as the browser hands it over. */
interface PickedBytes {
  readonly name: string;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** What can be done about what is kept of the person's work. */
export interface ProjectActions {
  /** Keeps what is done here from now on, in place of another page. What is here already and kept nowhere becomes a project. */
  takeOver(): Promise<void>;
  /** Tries once more to keep what could not be kept. */
  saveAgain(): Promise<void>;
  /** Puts a project in use, with its model; @returns whether it is */
  openProject(id: string): Promise<boolean>;
  /** A fresh project on the model in use. */
  newProject(name: string): Promise<void>;
  renameProject(id: string, name: string): Promise<void>;
  duplicateProject(id: string, name: string): Promise<void>;
  removeProject(id: string): Promise<void>;
  restoreProject(id: string): Promise<void>;
  /** @param id null: what is here now, kept or not @returns null where it failed, which is said then */
  exportProject(id: string | null): Promise<ProjectFile | null>;
  /** What was learned, for other programs; @returns null where it failed, which is said then */
  exportAdapters(form: AdapterExport["form"]): Promise<ProjectFile | null>;
  /** Adds a project from a file, and opens it. */
  importProject(file: PickedBytes): Promise<void>;
  /** Adds a project on the model in use from files of adapters, and opens it; of several the person is asked for one. */
  importAdapters(files: readonly PickedBytes[]): Promise<void>;
  /** One of the adapters that were read; null: none. */
  chooseAdapter(folder: string | null): Promise<void>;
  /** Asks for another device in place of one that was lost, or starts the engine anew where that is what stopped, and puts everything back. */
  recover(): Promise<void>;
  /** Gives up waiting for a project's model; the project stays. */
  dismissProject(): void;
}

export interface ProjectParts {
  readonly store: LabStore;
  readonly engine: EngineBinding;
  /** Loads a model as the person would. */
  readonly load: (request: LoadRequest) => Promise<void>;
  /** Stops what the model is doing. */
  readonly stopWork: () => void;
  /** Routes the prompt anew and counts memory. */
  readonly onEdits: () => Promise<void>;
}

/** The actions, with what others need of them. */
export interface Keeping extends ProjectActions {
  /** Begins to keep; with `restore` the project that was in use last is opened. @returns whether one was */
  begin(restore: boolean): Promise<boolean>;
  /** A model was loaded: the project that waits for it is opened. @returns whether one was */
  onLoaded(): Promise<boolean>;
}

export function createProjectActions({ store, engine, load, stopWork, onEdits }: ProjectParts): Keeping {
  const say = (fields: Partial<ProjectsState>): void => patch(store, "projects", fields);
  const failed = (error: ErrorFacts): void => say({ error, work: "none" });
  const isReady = (): boolean => store.getState().model.status === "ready" && store.getState().device.status === "ready";

  const putInUse = async ({ model, ledger }: OpenedProject): Promise<void> => {
    patch(store, "model", { facts: model });
    update(store, "edit", (edit) => ({ ...editsListed(edit, ledger), status: "idle", curve: [], latest: null, error: null }));
    update(store, "ledger", (own) => ({ ...editsReplaced(own), said: null, left: [], foresight: null }));
    say({ work: "none", waiting: null, error: null });
    await onEdits();
  };
  /** On the model that is there. */
  const open = async (id: string): Promise<boolean> => {
    say({ work: "opening", error: null });
    stopWork();
    let opened: OpenedProject | undefined;
    const done = await engine.openProject(id, (result) => (opened = result), failed);
    if (opened) await putInUse(opened);
    return done;
  };
  const nameOf = (id: string): string => store.getState().projects.facts?.list.find((project) => project.id === id)?.name ?? "";

  /** @param about what is told of it, where it stands in no list */
  const openWith = async (id: string, asked: unknown, model: string): Promise<boolean> => {
    const request = kept(readRequest(asked));
    if (!request || (isReady() && sameModel(store.getState().model.loaded, request))) return open(id);
    say({ waiting: { id, name: nameOf(id), model }, error: null });
    // Picked files cannot be read again by themselves: the person is asked for them.
    if (request.source.kind === "files") return false;
    await load(request);
    return store.getState().projects.waiting === null;
  };
  /** Files that were picked once may be kept in this browser. */
  const kept = (request: LoadRequest | null): LoadRequest | null => {
    if (request?.source.kind !== "files") return request;
    const found = store.getState().storage.facts?.models.find(({ from }) => from === request.from);
    return found ? { ...request, source: { kind: "kept", key: found.key }, precision: null, keep: false } : request;
  };
  const changing = async (work: () => Promise<boolean>): Promise<void> => {
    say({ work: "changing", error: null });
    await work();
    say({ work: "none" });
  };

  /** Another engine, then the model that was there, then what is kept of the work; edits that are kept nowhere become drafts. */
  const restart = async (): Promise<void> => {
    const { model, projects } = store.getState();
    if (!(await engine.restart())) return;
    await engine.keepHere(false);
    const project = store.getState().projects.facts?.list.find(({ id }) => id === projects.facts?.current);
    say({ work: "none", waiting: project ? { id: project.id, name: project.name, model: project.about?.model ?? "" } : null });
    await load(model.loaded ?? model.request);
  };

  const readBytes = (picked: PickedBytes): Promise<Uint8Array<ArrayBuffer> | null> =>
    picked.arrayBuffer().then(
      (bytes) => new Uint8Array(bytes),
      (thrown: unknown) => (failed(errorFacts(thrown)), null),
    );
  /** Files of which one adapter is still to be chosen. */
  let handed: readonly PickedBytes[] = [];
  const adopt = async (picked: readonly PickedBytes[], folder: string | null): Promise<void> => {
    say({ work: "importing", error: null, choice: null });
    handed = [];
    const read = await Promise.all(picked.map(async (file) => ({ name: file.name, bytes: await readBytes(file) })));
    const files = read.flatMap(({ name, bytes }) => (bytes ? [{ name, bytes }] : []));
    if (files.length < picked.length) return;
    let found: ImportedAdapters | undefined;
    await engine.importAdapters({ files, name: withoutEnding(picked[0]?.name ?? ""), folder }, (result) => (found = result), failed);
    if (!found) return;
    say({ work: "none" });
    if (found.kind === "project") return void (await openWith(found.id, found.about.request, found.about.model));
    handed = picked;
    say({ choice: { folders: found.folders } });
  };

  const actions: Keeping = {
    async begin(restore) {
      await engine.keepHere(false);
      const { facts } = store.getState().projects;
      const last = facts?.list.find(({ id }) => id === facts.last);
      if (!restore || !last) return false;
      await engine.readStorage();
      await openWith(last.id, readRequest(last.about?.request) ?? builtIn("int8"), last.about?.model ?? "");
      return true;
    },

    async onLoaded() {
      const { waiting } = store.getState().projects;
      return waiting !== null && (await open(waiting.id));
    },

    async takeOver() {
      await engine.keepHere(true);
      const { projects, edit } = store.getState();
      const { facts } = projects;
      const last = facts?.list.find(({ id }) => id === facts.last);
      // What was made here has become a project of its own, or found no room; a page without edits goes on with the other's.
      if (facts?.role === "writer" && facts.current === null && edit.edits.length === 0 && last) await actions.openProject(last.id);
    },

    saveAgain: () => changing(() => engine.keepHere(false)),

    openProject(id) {
      const about = store.getState().projects.facts?.list.find((project) => project.id === id)?.about;
      return openWith(id, about?.request, about?.model ?? "");
    },

    async newProject(name) {
      if (!isReady()) return;
      say({ work: "opening", error: null });
      stopWork();
      let opened: OpenedProject | undefined;
      await engine.newProject(name, store.getState().model.loaded, (result) => (opened = result), failed);
      if (opened) await putInUse(opened);
    },

    renameProject: (id, name) => changing(() => engine.changeProject("renameProject", { id, name })),
    duplicateProject: (id, name) => changing(() => engine.changeProject("duplicateProject", { id, name })),
    removeProject: (id) => changing(() => engine.changeProject("removeProject", { id })),
    restoreProject: (id) => changing(() => engine.changeProject("restoreProject", { id })),

    async exportProject(id) {
      say({ work: "exporting", error: null });
      let file: ProjectFile | null = null;
      await engine.exportProject(id, (result) => (file = result), failed);
      say({ work: "none" });
      return file;
    },

    async exportAdapters(form) {
      const { edits } = store.getState().edit;
      say({ work: "exporting", error: null });
      let file: ProjectFile | null = null;
      const range = { first: edits[0]?.id ?? 1, last: edits.at(-1)?.id ?? 1 };
      await engine.exportAdapters({ form, ...range }, (result) => (file = result), failed);
      say({ work: "none" });
      return file;
    },

    async importProject(picked) {
      say({ work: "importing", error: null });
      const bytes = await readBytes(picked);
      if (!bytes) return;
      let found: { readonly id: string; readonly request: unknown; readonly model: string } | undefined;
      await engine.importProject(
        bytes,
        withoutEnding(picked.name),
        ({ id, about }) => (found = { id, request: about.request, model: about.model }),
        failed,
      );
      if (!found) return;
      say({ work: "none" });
      await openWith(found.id, found.request, found.model);
    },

    importAdapters: (picked) => adopt(picked, null),

    async chooseAdapter(folder) {
      if (folder !== null) return adopt(handed, folder);
      handed = [];
      say({ choice: null });
    },

    async recover() {
      const { device } = store.getState();
      if (device.status !== "lost") return;
      stopWork();
      if (device.stopped) return restart();
      let opened: OpenedProject | undefined;
      await engine.recover((result) => (opened = result));
      if (opened) await putInUse(opened);
    },

    dismissProject: () => say({ waiting: null, error: null }),
  };
  // Lost once, it is asked for at once; one that is lost again soon after is left to the person.
  let last = -Infinity;
  store.subscribe(({ device }, before) => {
    if (device.status !== "lost" || before.device.status === "lost" || before.device.status === "recovering") return;
    const [soon, now] = [performance.now() - last < SOON_MS, performance.now()];
    last = now;
    if (!soon) void actions.recover();
  });
  return actions;
}

const SOON_MS = 5000;
const withoutEnding = (name: string): string => name.replace(/\.[^.]*$/, "");
