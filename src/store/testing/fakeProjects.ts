import { EngineError } from "../../lib/errors.ts";
import type { CallKind, EditFacts, EngineCalls, LedgerFacts, OpenedProject, ProjectItem, ProjectsFacts } from "../../engine/protocol.ts";
import { fakeModelFacts } from "./fakeModel.ts";
import type { createFakeLedger } from "./fakeLedger.ts";

interface FakeProject extends ProjectItem {
  readonly edits: readonly EditFacts[];
}

/** What a browser keeps of a person's work; shared by the engines that are given the same. */
export interface FakeOrigin {
  projects: readonly FakeProject[];
  last: string | null;
  /** Who may write. */
  writer: object | null;
  /** There is no room for anything. */
  full: boolean;
}

export const fakeOrigin = (): FakeOrigin => ({ projects: [], last: null, writer: null, full: false });

/** The projects of an engine without a worker. */
export function createFakeProjects(
  ledger: ReturnType<typeof createFakeLedger>,
  told: (facts: ProjectsFacts) => void,
  origin = fakeOrigin(),
) {
  const self = {};
  let current: string | null = null;
  let saved: number | null = null;
  let request: unknown = null;
  let taken = false;
  let unsaved = false;
  let clock = 1_800_000_000_000;

  const writes = (): boolean => origin.writer === self;
  const facts = (): ProjectsFacts => {
    const because = (code: "storage-busy" | "no-space", message: string) => ({ code, message, hint: "This is a test." });
    const noRoom = unsaved ? because("no-space", "The disk is full.") : null;
    const problem = taken || !writes() ? because("storage-busy", "Another tab keeps the edits.") : noRoom;
    const list = writes() ? origin.projects.map(({ edits: _, ...item }) => item) : [];
    return {
      role: writes() ? "writer" : "reader",
      problem,
      list,
      current: writes() ? current : null,
      saved,
      last: writes() ? origin.last : null,
    };
  };
  const add = (name: string, edits: readonly EditFacts[], asked: unknown): string => {
    const id = `p${origin.projects.length + 1}`;
    const about = { model: "Atlas (fake)", edits: edits.length, request: asked };
    origin.projects = [{ id, name, created: clock++, deleted: null, about, edits }, ...origin.projects];
    return id;
  };
  const put = (id: string): void => void ([current, origin.last, saved] = [id, id, clock++]);
  const find = (id: string): FakeProject => {
    const found = origin.projects.find((project) => project.id === id);
    if (!found) throw new EngineError("unknown-project", `Got no project ${id}.`, "This is a test.");
    return found;
  };
  const change = (id: string, fields: Partial<FakeProject>): ProjectsFacts => {
    find(id);
    origin.projects = origin.projects.map((project) => (project.id === id ? { ...project, ...fields } : project));
    return facts();
  };
  const opened = (): OpenedProject => ({ model: fakeModelFacts(ledger.settings), ledger: ledgerFacts() });
  const ledgerFacts = (): LedgerFacts => ({ edits: ledger.edits, canUndo: false, canRedo: false });

  const stop = (): void => {
    if (writes()) origin.writer = null;
    [current, saved] = [null, null];
  };

  const perform = (kind: CallKind, params: unknown): unknown => {
    const { id = "", name = "" } = params as { readonly id?: string; readonly name?: string };
    switch (kind) {
      case "keepHere":
        if (origin.writer === null || (params as { takeOver: boolean }).takeOver) origin.writer = self;
        if (writes()) keep();
        return facts();
      case "openProject":
        ledger.fill(find(id).edits);
        put(id);
        told(facts());
        return opened();
      case "newProject":
        ledger.empty();
        put(add(name, [], (params as { request: unknown }).request));
        told(facts());
        return opened();
      case "renameProject":
        return change(id, { name });
      case "duplicateProject":
        add(name, find(id).edits, find(id).about?.request);
        return facts();
      case "removeProject":
        return change(id, { deleted: clock++ });
      case "restoreProject":
        return change(id, { deleted: null });
      case "exportAdapters":
        return { name: `${(params as { form: string }).form}.bin`, bytes: new Uint8Array(3) };
      case "exportProject":
        return { name: "Project", bytes: new TextEncoder().encode(JSON.stringify(ledger.edits)) };
      case "importAdapters": {
        const { files, folder } = params as EngineCalls["importAdapters"]["params"];
        if (files.length === 2 && folder === null) return { kind: "choice", folders: ["one", "two"] };
        const made = add(folder ?? name, readFile(files[0]?.bytes ?? new Uint8Array()), request);
        told(facts());
        return { kind: "project", id: made, about: find(made).about };
      }
      case "importProject": {
        const edits = readFile((params as EngineCalls["importProject"]["params"]).bytes);
        const made = add(name, edits, request);
        told(facts());
        return { id: made, about: find(made).about };
      }
      default:
        throw new Error(`${kind} is no call about projects`);
    }
  };
  /** What was changed is kept. */
  const keep = (): void => {
    if (!writes() || (current === null && ledger.edits.length === 0)) return;
    unsaved = origin.full;
    if (unsaved) {
      saved = null;
      return told(facts());
    }
    if (current === null) put(add("Atlas (fake)", ledger.edits, request));
    else change(current, { edits: ledger.edits, about: { model: "Atlas (fake)", edits: ledger.edits.length, request } });
    saved = clock++;
    told(facts());
  };
  return {
    stop,
    perform,
    keep,
    /** Another model was loaded. */
    leave(asked: unknown) {
      [current, saved, request] = [null, null, asked];
      told(facts());
    },
    /** Another page takes over. */
    lose() {
      taken = true;
      origin.writer = {};
      told(facts());
    },
  };
}

function readFile(bytes: Uint8Array): readonly EditFacts[] {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as readonly EditFacts[];
  } catch {
    throw new EngineError("bad-project", "Got a file that is no project.", "This is a test.");
  }
}
