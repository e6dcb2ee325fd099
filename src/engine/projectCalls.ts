/** The calls about projects, and the keeping of what other calls change. */
import type { Content } from "../keeping/content.ts";
import { readProjectFile, writeProjectFile } from "../keeping/projectFile.ts";
import { migrations } from "../keeping/schema.ts";
import { exportAdapters } from "./adapterCalls.ts";
import { importAdapters } from "./adapterImports.ts";
import { factsOf, type LoadedModel } from "./facts.ts";
import type { Keeper, Work } from "./keeper.ts";
import { disposeLedger, startLedger } from "./ledgerCalls.ts";
import type { ImportedProject, OpenedProject, ProjectCalls } from "./projectsProtocol.ts";
import { aboutOf, readWork, workOf } from "./work.ts";

type ProjectCall = Exclude<keyof ProjectCalls, "recover">;

export type ProjectHandlers = {
  readonly [K in ProjectCall]: (params: ProjectCalls[K]["params"]) => Promise<ProjectCalls[K]["result"]>;
};

export interface ProjectParts {
  readonly keeper: Keeper;
  /** @throws EngineError `no-model` */
  readonly needModel: () => LoadedModel;
  readonly hasModel: () => boolean;
  /** The device is gone: nothing can be read from it. */
  readonly isLost: () => boolean;
  /** How the page had asked for the model in use; plain JSON. */
  readonly request: () => unknown;
  /** Gives back what the edits before needed. */
  readonly giveBack: () => void;
}

/** What else a session needs of it. */
interface Carrying {
  /** Keeps what is there, where there is anything. */
  keepNow(): Promise<void>;
  opened(): OpenedProject;
  /** Puts on the model in use what was on another one, whose device is lost. */
  carryOver(lost: LoadedModel): Promise<void>;
}

/** The id of a project that was read from a file where nothing can be kept. */
const UNKEPT = "unkept";
const fileOptions = { migrations, now: () => Date.now() };

export function projectCalls({ keeper, needModel, hasModel, isLost, request, giveBack }: ProjectParts): ProjectHandlers & Carrying {
  let unkept: Content | undefined;
  const listed = async (work: Promise<void>) => {
    await work;
    return keeper.facts;
  };
  const opened = (): OpenedProject => {
    const current = needModel();
    return { model: factsOf(current), ledger: current.ledger.facts };
  };
  /** After the last change; it outlives the device. */
  let last: { readonly of: LoadedModel; readonly work: Work } | undefined;
  const keepNow = async (): Promise<void> => {
    const current = needModel();
    if (keeper.facts.current === null && current.ledger.facts.edits.length === 0) return;
    last = { of: current, work: await workOf(current, request()) };
    await keeper.keep(last.work);
  };
  /** As a project, or where nothing can be kept as the one that can be opened until another is read. */
  const added = async (work: Work): Promise<ImportedProject> => {
    const { content, about } = work;
    if (keeper.facts.role === "writer") return { id: await keeper.create(work), about };
    unkept = content;
    return { id: UNKEPT, about };
  };
  /** What is there; without the device what it was after the last change. */
  const workNow = async (): Promise<Work> => (isLost() && last?.of === needModel() ? last.work : workOf(needModel(), request()));
  return {
    keepNow,
    opened,
    async carryOver(lost) {
      const current = needModel();
      if (last?.of === lost) {
        await putInUse(current, last.work.content);
        last = { of: current, work: last.work };
        return;
      }
      const { settings, ledger } = lost;
      disposeLedger(current.ledger);
      Object.assign(current, { settings, ledger: startLedger(current, ledger.method.id, settings) });
    },
    async keepHere({ takeOver }) {
      await keeper.start(takeOver);
      // What was done before anything could be kept.
      if (hasModel()) await keepNow();
      return keeper.facts;
    },
    async openProject({ id }) {
      const content = id === UNKEPT && unkept ? unkept : await keeper.read(id);
      const current = needModel();
      await putInUse(current, content);
      last = { of: current, work: await workOf(current, request()) };
      if (id !== UNKEPT) await keeper.use(id);
      giveBack();
      return opened();
    },
    async newProject({ name, request: asked }) {
      const current = needModel();
      const { settings, ledger } = current;
      current.ledger = startLedger(current, ledger.method.id, settings);
      disposeLedger(ledger);
      giveBack();
      if (keeper.facts.role === "writer") await keeper.use(await keeper.create({ ...(await workOf(current, asked)), name }));
      return opened();
    },
    renameProject: ({ id, name }) => listed(keeper.rename(id, name)),
    duplicateProject: ({ id, name }) => listed(keeper.duplicate(id, name)),
    removeProject: ({ id }) => listed(keeper.remove(id)),
    restoreProject: ({ id }) => listed(keeper.restore(id)),
    async exportProject({ id }) {
      const { current, list } = keeper.facts;
      const isOwn = id === null || id === current;
      const content = isOwn ? (await workNow()).content : await keeper.read(id);
      const name = list.find((project) => project.id === (id ?? current))?.name ?? aboutOf(content).model;
      return { name, bytes: await writeProjectFile(content, fileOptions) };
    },
    exportAdapters: (asked) => exportAdapters(needModel(), asked),
    async importProject({ bytes, name }) {
      const content = await readProjectFile(bytes, fileOptions);
      return added({ content, about: aboutOf(content), name });
    },
    async importAdapters(asked) {
      const read = importAdapters(needModel(), asked, request());
      return read.kind === "choice" ? read : { kind: "project", ...(await added(read.work)) };
    },
  };
}

/** On any error the ledger in use stays. @throws EngineError `bad-project`, `bad-state`, `bad-settings` */
async function putInUse(current: LoadedModel, content: Content): Promise<void> {
  const { method, settings, threshold, edits, state } = readWork(content, current);
  const ledger = startLedger(current, method, settings);
  try {
    await ledger.adopt({ edits, state });
    ledger.method.setThreshold(threshold);
  } catch (thrown) {
    disposeLedger(ledger);
    throw thrown;
  }
  disposeLedger(current.ledger);
  Object.assign(current, { ledger, settings });
}

/** Calls that change what is kept: each ends when that is safe, or when it is known that it is not. */
export function keptCalls<Calls extends Readonly<Record<string, (params: never, context: never) => Promise<unknown>>>>(
  calls: Calls,
  keepNow: () => Promise<void>,
): Calls {
  const kept = (call: (params: never, context: never) => Promise<unknown>) => async (params: never, context: never) => {
    const result = await call(params, context);
    await keepNow();
    return result;
  };
  return Object.fromEntries(Object.entries(calls).map(([name, call]) => [name, kept(call)])) as unknown as Calls;
}
