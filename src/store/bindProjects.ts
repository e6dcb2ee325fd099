import type {
  AdapterExport,
  AdapterImport,
  DeviceFacts,
  EngineCalls,
  EngineClient,
  ImportedAdapters,
  ImportedProject,
  OpenedProject,
  ProjectFile,
} from "../engine/protocol.ts";
import type { ErrorFacts } from "../lib/errors.ts";
import { patch, update } from "./labStore.ts";
import type { LabStore } from "./labStore.ts";
import { settle } from "./settle.ts";
import type { LoadRequest } from "./sourceRef.ts";

type Change = "renameProject" | "duplicateProject" | "removeProject" | "restoreProject";
type Failed = (error: ErrorFacts) => void;

/** The engine's calls about projects, as `EngineBinding` has the others. Where a result is not for the store it is handed on. */
export interface ProjectBinding {
  keepHere(takeOver: boolean): Promise<boolean>;
  /** Starts another engine in place of one that stopped; there is no model in it. */
  restart(): Promise<boolean>;
  /** @param done not called where no model was loaded */
  recover(done: (opened: OpenedProject) => void): Promise<boolean>;
  openProject(id: string, done: (opened: OpenedProject) => void, failed: Failed): Promise<boolean>;
  newProject(name: string, request: LoadRequest | null, done: (opened: OpenedProject) => void, failed: Failed): Promise<boolean>;
  changeProject<K extends Change>(kind: K, params: EngineCalls[K]["params"]): Promise<boolean>;
  exportProject(id: string | null, done: (file: ProjectFile) => void, failed: Failed): Promise<boolean>;
  exportAdapters(asked: AdapterExport, done: (file: ProjectFile) => void, failed: Failed): Promise<boolean>;
  importAdapters(asked: AdapterImport, done: (read: ImportedAdapters) => void, failed: Failed): Promise<boolean>;
  importProject(bytes: Uint8Array<ArrayBuffer>, name: string, done: (project: ImportedProject) => void, failed: Failed): Promise<boolean>;
}

export function bindProjects(engine: EngineClient, store: LabStore): ProjectBinding {
  engine.onNotice((notice) => {
    if (notice.kind === "projects") patch(store, "projects", { facts: notice.facts });
  });
  const recovered = (facts: DeviceFacts): void =>
    update(store, "device", (device) => ({ ...device, status: "ready", facts, error: null, recovered: device.recovered + 1 }));
  const lost = (error: ErrorFacts): void => patch(store, "device", { status: "lost", error });
  return {
    keepHere: (takeOver) =>
      settle(
        engine.call("keepHere", { takeOver }),
        (facts) => patch(store, "projects", { facts }),
        (error) => patch(store, "projects", { error }),
      ),
    async restart() {
      patch(store, "device", { status: "recovering" });
      return settle(engine.call("start", {}), recovered, lost);
    },
    async recover(done) {
      patch(store, "device", { status: "recovering" });
      const back = ({ device, work }: EngineCalls["recover"]["result"]): void => {
        recovered(device);
        if (work) done(work);
      };
      return settle(engine.call("recover", {}), back, lost);
    },
    openProject: (id, done, failed) => settle(engine.call("openProject", { id }), done, failed),
    newProject: (name, request, done, failed) => settle(engine.call("newProject", { name, request }), done, failed),
    changeProject: (kind, params) =>
      settle(
        engine.call(kind, params),
        (facts) => patch(store, "projects", { facts }),
        (error) => patch(store, "projects", { error }),
      ),
    exportProject: (id, done, failed) => settle(engine.call("exportProject", { id }), done, failed),
    exportAdapters: (asked, done, failed) => settle(engine.call("exportAdapters", asked), done, failed),
    importAdapters: (asked, done, failed) => settle(engine.call("importAdapters", asked), done, failed),
    importProject: (bytes, name, done, failed) => settle(engine.call("importProject", { bytes, name }), done, failed),
  };
}
