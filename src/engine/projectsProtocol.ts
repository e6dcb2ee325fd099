/** What crosses between the page and the worker about what is kept of a person's work. */
import type { ErrorFacts } from "../lib/errors.ts";
import type { DeviceFacts, LedgerFacts, LoadProgress, ModelFacts } from "./protocol.ts";

export interface ProjectItem {
  readonly id: string;
  readonly name: string;
  /** ms since 1970. */
  readonly created: number;
  /** In the bin since then; null where it is not. It stays there until the page is next opened. */
  readonly deleted: number | null;
  /** Null for one that was recovered, until it is opened. */
  readonly about: ProjectAbout | null;
}

/** What is told of a project without opening it. */
export interface ProjectAbout {
  /** The model's name. */
  readonly model: string;
  readonly edits: number;
  /** How the page had asked for the model; its own affair. */
  readonly request: unknown;
}

export interface ProjectsFacts {
  /**
   * "writer": this page keeps what is done on it. "reader": another does. "none": this one cannot, see `problem`.
   */
  readonly role: "starting" | "writer" | "reader" | "none";
  /** Why this page does not keep, or why the last change is not kept. */
  readonly problem: ErrorFacts | null;
  /** The newest first, with those in the bin. */
  readonly list: readonly ProjectItem[];
  /** The one in use: what changes is kept there. */
  readonly current: string | null;
  /** When its last change was safe, ms since 1970; null where there is nothing to keep yet, or where it is not safe. */
  readonly saved: number | null;
  /** The one that was in use when the page was last open. */
  readonly last: string | null;
}

/** A device in place of one that was lost, with all that was on it. */
export interface RecoveredFacts {
  readonly device: DeviceFacts;
  /** Null where no model was loaded. */
  readonly work: OpenedProject | null;
}

/** A project put in use. */
export interface OpenedProject {
  readonly model: ModelFacts;
  readonly ledger: LedgerFacts;
}

export interface ProjectFile {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** What was read from a file. Where nothing can be kept it can be opened until another file is read. */
export interface ImportedProject {
  readonly id: string;
  readonly about: ProjectAbout;
}

/**
 * "mixture": experts and routers as the released code names them, paper mode's. "peft": a zip of PEFT folders, one an expert or an edit.
 * "merged": the touched weights with the edits from `first` to `last` in them, improved mode's.
 */
export interface AdapterExport {
  readonly form: "mixture" | "peft" | "merged";
  readonly first: number;
  readonly last: number;
}

/** Files that were picked together: a mixture, an archive of PEFT folders, or the two files of one. */
export interface AdapterImport {
  readonly files: readonly { readonly name: string; readonly bytes: Uint8Array<ArrayBuffer> }[];
  /** For the project. */
  readonly name: string;
  /** Which adapter of an archive; null to be asked where there are several. */
  readonly folder: string | null;
}

/** A project, or the folders of an archive to choose from. */
export type ImportedAdapters =
  | ({ readonly kind: "project" } & ImportedProject)
  | { readonly kind: "choice"; readonly folders: readonly string[] };

export interface ProjectCalls {
  /** Asks for a new device in place of one that was lost, loads the model again, and puts the edits back as they were after the last change. */
  recover: { params: Record<string, never>; event: LoadProgress; result: RecoveredFacts };
  /** Begins to keep, where no other page does. @param takeOver from the page that does */
  keepHere: { params: { takeOver: boolean }; event: never; result: ProjectsFacts };
  /** Puts a project in use, on the model that is loaded. */
  openProject: { params: { id: string }; event: never; result: OpenedProject };
  /** Puts a fresh project in use, without edits. */
  newProject: { params: { name: string; request: unknown }; event: never; result: OpenedProject };
  renameProject: { params: { id: string; name: string }; event: never; result: ProjectsFacts };
  duplicateProject: { params: { id: string; name: string }; event: never; result: ProjectsFacts };
  /** Into the bin. */
  removeProject: { params: { id: string }; event: never; result: ProjectsFacts };
  restoreProject: { params: { id: string }; event: never; result: ProjectsFacts };
  /** All of a project in one file; without an id what is there now, kept or not. */
  exportProject: { params: { id: string | null }; event: never; result: ProjectFile };
  /** What was learned, for other programs. */
  exportAdapters: { params: AdapterExport; event: never; result: ProjectFile };
  /** Adds a project on the model in use that answers as the adapters in the files do; what is in use stays as it is. */
  importAdapters: { params: AdapterImport; event: never; result: ImportedAdapters };
  /** Adds what a file holds to the projects. */
  importProject: { params: { bytes: Uint8Array<ArrayBuffer>; name: string }; event: never; result: ImportedProject };
}
