/** What is kept of a person's work while they do it: the projects, and which of them takes up what changes. */
import { EngineError, errorFacts } from "../lib/errors.ts";
import type { Content } from "../keeping/content.ts";
import type { KeptDocument } from "../keeping/document.ts";
import type { FileStore } from "../keeping/files.ts";
import { openProjects, type Projects } from "../keeping/projects.ts";
import { migrations } from "../keeping/schema.ts";
import { becomeWriter, type Locks, type WriterLock } from "../keeping/writerLock.ts";
import { lostEnd, notKeeping, takenOver, unavailable } from "./keeperFaults.ts";
import type { ProjectAbout, ProjectsFacts } from "./projectsProtocol.ts";

export interface KeeperParts {
  /** @throws EngineError `storage-unavailable` */
  readonly files: () => Promise<FileStore>;
  /** Undefined where the browser has none. */
  readonly locks: () => Locks | undefined;
  /** ms since 1970. */
  readonly now: () => number;
  /** Told of what changed without being asked for. */
  readonly onChange: (facts: ProjectsFacts) => void;
}

/** What is to be kept, and what is told of it. */
export interface Work {
  readonly content: Content;
  readonly about: ProjectAbout;
  /** For a project that has to be made for it. */
  readonly name: string;
}

export interface Keeper {
  readonly facts: ProjectsFacts;
  /** Becomes the page that keeps. Never throws: `facts` says what came of it. */
  start(takeOver: boolean): Promise<ProjectsFacts>;
  /** What a project holds; it is in use from `use` on. @throws EngineError as opening does */
  read(id: string): Promise<Content>;
  /** What changes from now on is kept in this project; null: in one that is made for the next change. */
  use(id: string | null): Promise<void>;
  /** Keeps what was done, in the project in use. Never throws: what could not be kept is said in `facts`. */
  keep(work: Work): Promise<void>;
  create(work: Work): Promise<string>;
  rename(id: string, name: string): Promise<void>;
  duplicate(id: string, name: string): Promise<void>;
  remove(id: string): Promise<void>;
  restore(id: string): Promise<void>;
}

/** Names longer than this are cut. */
const LONGEST_NAME = 120;

export function createKeeper({ files, locks, now, onChange }: KeeperParts): Keeper {
  let lock: WriterLock | undefined;
  let projects: Projects | undefined;
  let open: { readonly id: string; readonly document: KeptDocument } | undefined;
  let role: ProjectsFacts["role"] = "starting";
  let problem: ProjectsFacts["problem"] = null;
  let saved: number | null = null;
  const options = { migrations, now };

  const facts = (): ProjectsFacts => ({
    role,
    problem,
    list: (projects?.list ?? []).map(({ id, name, created, deleted, about }) => ({
      id,
      name,
      created,
      deleted,
      about: about as ProjectAbout | null,
    })),
    current: open?.id ?? null,
    saved,
    last: projects?.current ?? null,
  });
  const need = (): Projects => {
    if (projects) return projects;
    throw problem ? new EngineError(problem.code, problem.message, problem.hint) : notKeeping();
  };
  const writes = (): boolean => role === "writer";
  const leave = async (): Promise<void> => {
    const { document } = open ?? {};
    [open, saved] = [undefined, null];
    await document?.close();
  };
  /** Nothing is written any more: another page does. */
  const stop = async (): Promise<void> => {
    const list = projects;
    [role, problem, projects, lock] = ["reader", takenOver().toFacts(), undefined, undefined];
    await leave().catch(() => {});
    await list?.close().catch(() => {});
    onChange(facts());
  };
  const openList = async (takeOver: boolean): Promise<void> => {
    const own = locks();
    // Without locks two pages would write over each other.
    if (!own) throw unavailable("got no Web Locks");
    const held = (lock = await becomeWriter(own, takeOver, () => void stop()));
    const list = await patiently(
      () => openFiles(files, options),
      () => held.isHeld,
    );
    // Taken over while the list was being opened: nobody else would close it.
    if (!held.isHeld) {
      await list.close();
      throw takenOver();
    }
    [projects, role, problem] = [list, "writer", null];
  };
  const fresh = async ({ content, about, name }: Work): Promise<string> => need().create(unlike(name, need()), content, about);
  const put = async (id: string): Promise<KeptDocument> => {
    const list = need();
    const document = await patiently(
      () => list.open(id),
      () => projects === list,
    );
    await leave();
    // Taken over meanwhile.
    if (projects !== list) {
      await document.close();
      throw takenOver();
    }
    open = { id, document };
    // On a full disk the next start opens another one; that is no reason not to open this one.
    await list.use(id).catch((thrown: unknown) => {
      if (!(thrown instanceof EngineError) || thrown.code !== "no-space") throw thrown;
    });
    return document;
  };
  const others = (id: string): void => {
    if (open?.id === id) throw new EngineError("busy", "Got the project in use, expected another.", "Open another project first.");
  };

  return {
    get facts() {
      return facts();
    },
    async start(takeOver) {
      if (role === "writer") return facts();
      try {
        await openList(takeOver);
      } catch (thrown) {
        // Browsers that block site data refuse locks and files in words of their own.
        const error = (thrown instanceof EngineError ? thrown : unavailable(errorFacts(thrown).message)).toFacts();
        lock?.release();
        [role, problem, lock] = [error.code === "storage-busy" ? "reader" : "none", error, undefined];
      }
      return facts();
    },
    async read(id) {
      if (open?.id === id) return open.document.content;
      const list = need();
      const document = await patiently(
        () => list.open(id),
        () => projects === list,
      );
      const { content } = document;
      await document.close();
      return content;
    },
    async use(id) {
      if (role === "writer") problem = null;
      if (id === null) await leave();
      else if (open?.id !== id) {
        const document = await put(id);
        saved = document.changed;
        problem = (document.damage ?? lostEnd(document, need().list.find((each) => each.id === id)?.about))?.toFacts() ?? null;
      }
      onChange(facts());
    },
    async keep(work) {
      if (!writes()) return;
      try {
        const own = open;
        if (!own) {
          saved = (await put(await fresh(work))).changed;
        } else {
          const { id, document } = own;
          // What was whole of it is in use; the rest can go now.
          if (document.damage) await document.compact();
          await document.commit(work.content);
          // Another page may have taken over meanwhile: it has this change, and this page keeps no more.
          if (open !== own) return;
          saved = document.changed;
          // Little rests on it: the project itself says the same when it is opened, unless its end is damaged.
          void need()
            .describe(id, { ...work.about, saved })
            .catch(() => {});
        }
        problem = null;
      } catch (thrown) {
        // One that was taken over while it wrote has said so already.
        if (!writes()) return;
        [saved, problem] = [null, errorFacts(thrown)];
      }
      onChange(facts());
    },
    async create(work) {
      const id = await fresh(work);
      onChange(facts());
      return id;
    },
    rename: async (id, name) => need().rename(id, named(name)),
    async duplicate(id, name) {
      // The one in use has its file open.
      if (open?.id === id) await need().create(named(name), open.document.content, need().list.find((each) => each.id === id)?.about);
      else await need().duplicate(id, named(name));
    },
    async remove(id) {
      others(id);
      await need().remove(id);
    },
    restore: async (id) => need().restore(id),
  };
}

const openFiles = async (files: KeeperParts["files"], options: Parameters<typeof openProjects>[1]): Promise<Projects> =>
  openProjects(await files(), options);

/** A page that was just closed, or that was taken over from, may hold its files for a moment. */
async function patiently<T>(work: () => Promise<T>, goOn: () => boolean): Promise<T> {
  for (let tries = 40; ; tries--) {
    try {
      return await work();
    } catch (thrown) {
      if (!(thrown instanceof EngineError) || thrown.code !== "storage-busy" || tries === 0 || !goOn()) throw thrown;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
}

/** @throws EngineError `bad-settings` for a name of nothing */
function named(name: string): string {
  const text = name.trim().slice(0, LONGEST_NAME);
  if (text !== "") return text;
  throw new EngineError("bad-settings", "Got an empty name, expected one for the project.", "Type a name.");
}

/** The name, with a number behind it where there is one like it. */
function unlike(name: string, { list }: Projects): string {
  const taken = new Set(list.map((project) => project.name));
  const text = named(name);
  for (let count = 1; ; count++) {
    const next = count === 1 ? text : `${text} (${count})`;
    if (!taken.has(next)) return next;
  }
}
