/** All projects of an origin: one document each, and one that lists them. */
import type { Content } from "./content.ts";
import { createDocument, openDocument, type KeepingOptions, type KeptDocument } from "./document.ts";
import { EngineError } from "../lib/errors.ts";
import { badProject, type FileStore } from "./files.ts";

export interface ProjectFacts {
  readonly id: string;
  readonly name: string;
  /** ms since 1970. */
  readonly created: number;
  /** When it was last renamed or restored; a document knows its last commit. */
  readonly changed: number;
  /** Null where it is not in the bin. */
  readonly deleted: number | null;
  /** What is told of it without opening it; plain JSON, null where nothing is. */
  readonly about: unknown;
}

export interface Projects {
  /** Those in the bin too, the newest first. */
  readonly list: readonly ProjectFacts[];
  /** The one that was last in use; null where there is none, or it is in the bin. */
  readonly current: string | null;
  /** Says which is in use, for the next start. */
  use(id: string | null): Promise<void>;
  /** Says what is told of it. */
  describe(id: string, about: unknown): Promise<void>;
  /** @returns its id; all of it is kept by then @throws EngineError as a commit does */
  create(name: string, content: Content, about?: unknown): Promise<string>;
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
  const document = await openList(files, listOptions);
  let list = readList(document.content.facts);
  let used = readUsed(document.content.facts);
  let turn: Promise<unknown> = Promise.resolve();
  const put = (update: (now: readonly ProjectFacts[]) => readonly ProjectFacts[], using = (): string | null => used): Promise<void> => {
    const done = turn.then(async () => {
      const [updated, next] = [update(list), using()];
      await document.commit(listContent(updated, next));
      [list, used] = [updated, next];
    });
    turn = done.catch(() => {});
    return done;
  };
  const need = (id: string): ProjectFacts => {
    const found = list.find((project) => project.id === id);
    if (!found) throw new EngineError("unknown-project", `Got no project ${id}.`, "It was deleted for good.");
    return found;
  };
  const change = async (id: string, changed: Partial<ProjectFacts>): Promise<void> => {
    need(id);
    await put((now) => now.map((project) => (project.id === id ? { ...project, ...changed } : project)));
  };
  const create = async (name: string, content: Content, about: unknown = null): Promise<string> => {
    const [id, now] = [newId(), options.now()];
    // A crash before the list names it leaves a file that the next start removes.
    await (await createDocument(files, id, content, options)).close();
    await put((before) => [{ id, name, created: now, changed: now, deleted: null, about }, ...before]);
    return id;
  };
  const open = async (id: string): Promise<KeptDocument> => {
    need(id);
    return openDocument(files, id, options);
  };
  const emptyBin = async (): Promise<void> => {
    const binned = list.filter(({ deleted }) => deleted !== null).map(({ id }) => id);
    if (binned.length === 0) return;
    await put((now) => now.filter(({ id }) => !binned.includes(id)));
    await removeFiles(files, (id) => binned.includes(id));
  };

  await emptyBin();
  await removeFiles(files, (id) => !list.some((project) => project.id === id));
  return {
    get list() {
      return list;
    },
    get current() {
      return list.some(({ id, deleted }) => id === used && deleted === null) ? used : null;
    },
    use: (id) =>
      put(
        (now) => now,
        () => id,
      ),
    describe: (id, about) => change(id, { about }),
    create,
    open,
    rename: (id, name) => change(id, { name, changed: options.now() }),
    async duplicate(id, name) {
      const original = await open(id);
      const { content } = original;
      await original.close();
      return create(name, content, need(id).about);
    },
    remove: (id) => change(id, { deleted: options.now() }),
    restore: (id) => change(id, { deleted: null, changed: options.now() }),
    emptyBin,
    close: () => document.close(),
  };
}

/** The list, whole: what was lost of it is found again before its new file counts, since files that it does not name are removed. */
async function openList(files: FileStore, options: KeepingOptions): Promise<KeptDocument> {
  const found = async (known: readonly ProjectFacts[], used: string | null) =>
    listContent(await recovered(files, known, options.now()), used);
  try {
    const document = await openDocument(files, LIST, options);
    if (document.damage) {
      const { facts } = document.content;
      await document.compact(await found(readList(facts), readUsed(facts)));
    }
    return document;
  } catch (thrown) {
    if (!(thrown instanceof EngineError) || !["unknown-project", "bad-project"].includes(thrown.code)) throw thrown;
    // A later generation that cannot be read would be found before a new first one.
    for (const { name } of await files.list()) if (name.startsWith(`${LIST}-`)) await files.remove(name);
    return createDocument(files, LIST, await found([], null), options);
  }
}

const listContent = (projects: readonly ProjectFacts[], used: string | null): Content => ({ facts: { projects, used }, arrays: {} });

/** Lists of the first pages say nothing of it. */
function readUsed(facts: unknown): string | null {
  const used = (facts as { readonly used?: unknown } | null)?.used;
  return typeof used === "string" ? used : null;
}

function readList(facts: unknown): readonly ProjectFacts[] {
  const projects = (facts as { readonly projects?: unknown } | null)?.projects;
  if (!Array.isArray(projects)) throw badProject("Got a list of projects that is none.");
  return projects as readonly ProjectFacts[];
}

const idsOf = async (files: FileStore): Promise<string[]> => [
  ...new Set((await files.list()).flatMap(({ name }) => ID.exec(name)?.[1] ?? [])),
];

/** Those known whose files are there, and those whose files nobody names. */
async function recovered(files: FileStore, known: readonly ProjectFacts[], now: number): Promise<ProjectFacts[]> {
  const ids = await idsOf(files);
  const unnamed = ids.filter((id) => !known.some((project) => project.id === id));
  const named = unnamed.map((id) => ({ id, name: RECOVERED, created: now, changed: now, deleted: null, about: null }));
  return [...known.filter(({ id }) => ids.includes(id)), ...named];
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
