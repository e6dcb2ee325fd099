/** All projects of an origin: one document each, and one that lists them. */
import type { Content } from "./content.ts";
import { createDocument, openDocument, type KeepingOptions, type KeptDocument } from "./document.ts";
import { EngineError } from "../lib/errors.ts";
import type { FileStore } from "./files.ts";

export interface ProjectFacts {
  readonly id: string;
  readonly name: string;
  /** ms since 1970. */
  readonly created: number;
  /** When it was last closed, renamed or restored; a document knows its last commit. */
  readonly changed: number;
  /** Null where it is not in the bin. */
  readonly deleted: number | null;
}

export interface Projects {
  /** Those in the bin too, the newest first. */
  readonly list: readonly ProjectFacts[];
  /** @returns its id; all of it is kept by then @throws EngineError as a commit does */
  create(name: string, content: Content): Promise<string>;
  /** One at a time holds a project. @throws EngineError `unknown-project`, `storage-busy`, `newer-schema`, `bad-project` */
  open(id: string): Promise<KeptDocument>;
  rename(id: string, name: string): Promise<void>;
  /** A copy of the last committed state of a project that is not open; @returns its id */
  duplicate(id: string, name: string): Promise<string>;
  /** Into the bin, from which `restore` brings it back until `emptyBin` or the next start. */
  remove(id: string): Promise<void>;
  restore(id: string): Promise<void>;
  /** Files that are still open stay until the next start. */
  emptyBin(): Promise<void>;
  close(): Promise<void>;
}

const LIST = "projects";
const ID = /^(p[0-9a-f]{16})-\d{1,15}$/;
const RECOVERED = "Recovered project";
const newId = (): string =>
  `p${Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, "0")).join("")}`;

/**
 * Opens the list, empties the bin and removes what crashes left behind. Where the list is lost or damaged nothing is removed: projects that it
 * does not name are taken into it.
 */
export async function openProjects(files: FileStore, options: KeepingOptions): Promise<Projects> {
  const listOptions = { ...options, migrations: [] };
  const { document, isWhole } = await openList(files, listOptions);
  let list: readonly ProjectFacts[] = readList(document.content.facts);
  const put = async (next: readonly ProjectFacts[]): Promise<void> => {
    await document.commit({ facts: { projects: next }, arrays: {} });
    list = next;
  };
  const need = (id: string): ProjectFacts => {
    const found = list.find((project) => project.id === id);
    if (!found) throw new EngineError("unknown-project", `Got no project ${id}.`, "It was deleted for good.");
    return found;
  };
  const change = async (id: string, changed: Partial<ProjectFacts>): Promise<void> => {
    need(id);
    await put(list.map((project) => (project.id === id ? { ...project, ...changed } : project)));
  };
  const create = async (name: string, content: Content): Promise<string> => {
    const [id, now] = [newId(), options.now()];
    // A crash before the list names it leaves a file that the next start removes.
    await (await createDocument(files, id, content, options)).close();
    await put([{ id, name, created: now, changed: now, deleted: null }, ...list]);
    return id;
  };
  const open = async (id: string): Promise<KeptDocument> => {
    need(id);
    return openDocument(files, id, options);
  };
  const emptyBin = async (): Promise<void> => {
    const binned = list.filter(({ deleted }) => deleted !== null).map(({ id }) => id);
    if (binned.length === 0) return;
    await put(list.filter(({ deleted }) => deleted === null));
    await removeFiles(files, (id) => binned.includes(id));
  };

  if (isWhole) {
    await emptyBin();
    await removeFiles(files, (id) => !list.some((project) => project.id === id));
  } else {
    await put([...list, ...(await strangers(files, list, options.now()))]);
  }
  return {
    get list() {
      return list;
    },
    create,
    open,
    rename: (id, name) => change(id, { name, changed: options.now() }),
    async duplicate(id, name) {
      const document = await open(id);
      const { content } = document;
      await document.close();
      return create(name, content);
    },
    remove: (id) => change(id, { deleted: options.now() }),
    restore: (id) => change(id, { deleted: null, changed: options.now() }),
    emptyBin,
    close: () => document.close(),
  };
}

interface OpenList {
  readonly document: KeptDocument;
  /** Every project that was ever acknowledged, and not removed, is in it. */
  readonly isWhole: boolean;
}

async function openList(files: FileStore, options: KeepingOptions): Promise<OpenList> {
  try {
    const document = await openDocument(files, LIST, options);
    const isWhole = document.damage === undefined;
    if (!isWhole) await document.compact();
    return { document, isWhole };
  } catch (thrown) {
    const isLost = thrown instanceof EngineError && (thrown.code === "unknown-project" || thrown.code === "bad-project");
    if (!isLost) throw thrown;
    return { document: await createDocument(files, LIST, { facts: { projects: [] }, arrays: {} }, options), isWhole: false };
  }
}

function readList(facts: unknown): readonly ProjectFacts[] {
  return (facts as { readonly projects: readonly ProjectFacts[] }).projects;
}

const idsOf = async (files: FileStore): Promise<string[]> => [
  ...new Set((await files.list()).flatMap(({ name }) => ID.exec(name)?.[1] ?? [])),
];

async function strangers(files: FileStore, list: readonly ProjectFacts[], now: number): Promise<ProjectFacts[]> {
  const unnamed = (await idsOf(files)).filter((id) => !list.some((project) => project.id === id));
  return unnamed.map((id) => ({ id, name: RECOVERED, created: now, changed: now, deleted: null }));
}

/** What is open in a file is left for the next start. */
async function removeFiles(files: FileStore, isGone: (id: string) => boolean): Promise<void> {
  for (const { name } of await files.list()) {
    const id = ID.exec(name)?.[1];
    if (id === undefined || !isGone(id)) continue;
    await files.remove(name).catch((thrown: unknown) => {
      if (!(thrown instanceof EngineError)) throw thrown;
    });
  }
}
