import { EngineError } from "../lib/errors.ts";
import {
  arrayRecord,
  commitRecord,
  hashOf,
  headerRecord,
  outlineOf,
  readContent,
  replay,
  type Content,
  type KeptArray,
  type Outline,
} from "./content.ts";
import { badProject, type FileStore, type SyncFile } from "./files.ts";
import { continueLog, scanLog, type Log } from "./log.ts";
import { diff, type Json } from "./patch.ts";
import { checksum, type Checksum, type LogRecord } from "./record.ts";
import { migrate, type Migration } from "./schema.ts";

export interface KeepingOptions {
  /** Newest schema = their count + 1. */
  readonly migrations: readonly Migration[];
  /** Told with each commit; ms since 1970. */
  readonly now: () => number;
  /** A file longer than this, and than four times what its last two documents take, is written anew. */
  readonly compactAbove?: number;
  readonly sum?: Checksum;
}

/** A document that outlives the page. */
export interface KeptDocument {
  /** As last committed, and as before that. */
  readonly content: Content;
  readonly previous: Content | undefined;
  /** Time of the last commit. */
  readonly changed: number;
  readonly bytes: number;
  /** Set where a part in the middle of the file is broken: `content` is what was whole before; commits are refused until `compact`. */
  readonly damage: EngineError | undefined;
  /**
   * Resolves after the flush: from then on nothing loses it. On an error the document is what it was.
   * @throws EngineError `no-space`, `bad-project`, `storage-unavailable`
   */
  commit(content: Content): Promise<void>;
  /**
   * Writes the last two documents into a new file and drops the old one, with what is damaged in it.
   * @param instead of them, in one step
   */
  compact(instead?: Content): Promise<void>;
  close(): Promise<void>;
}

const COMPACT_ABOVE = 2 ** 26;
const fileName = (id: string, generation: number): string => `${id}-${generation}`;

/** What is open of one generation. */
interface Generation {
  readonly number: number;
  readonly file: SyncFile;
  /** None where the file is damaged. */
  readonly log: Log | undefined;
  /** Hashes of the arrays in it. */
  readonly has: Set<string>;
  /** Of the first schema on; an older one is written anew before it is added to. */
  readonly schema: number;
}

/** Writes a document that was not there. @throws as `commit` */
export async function createDocument(files: FileStore, id: string, content: Content, options: KeepingOptions): Promise<KeptDocument> {
  const made = await writeGeneration(files, id, 1, [content], options.now(), options);
  return keptDocument(files, id, made, { content, previous: undefined, changed: options.now(), damage: undefined }, options);
}

/**
 * Opens the newest whole generation; others of this document are removed.
 * @throws EngineError `bad-project`, `newer-schema`, `unknown-project`, `storage-busy`; nothing is removed or changed then
 */
export async function openDocument(files: FileStore, id: string, options: KeepingOptions): Promise<KeptDocument> {
  const { migrations, sum = checksum } = options;
  const numbers = await generationsOf(files, id);
  for (const number of numbers) {
    const file = await files.open(fileName(id, number), { create: false });
    try {
      const scan = scanLog(file, sum);
      if (scan.batches.length === 0 && !scan.damage) {
        file.close();
        continue;
      }
      const { schema, outlines, time, places } = replay(file, scan.batches, migrations.length + 1);
      const contents = outlines.map((outline) => {
        const { facts, arrays } = readContent(file, outline, places);
        return { arrays, facts: migrate(facts as Json, schema, migrations) };
      });
      const log = scan.damage ? undefined : continueLog(file, scan, sum);
      for (const other of numbers) if (other !== number) await files.remove(fileName(id, other));
      const [content = { facts: null, arrays: {} }, previous] = contents;
      const generation = { number, file, log, has: new Set(places.keys()), schema };
      return keptDocument(files, id, generation, { content, previous, changed: time, damage: scan.damage }, options);
    } catch (thrown) {
      file.close();
      throw thrown;
    }
  }
  throw new EngineError("unknown-project", `Got no whole file of ${id}.`, "It was deleted, or never written to its end.");
}

/** Newest first. */
async function generationsOf(files: FileStore, id: string): Promise<number[]> {
  const found = (await files.list()).map(({ name }) => /^(.+)-(\d{1,15})$/.exec(name)).filter((match) => match?.[1] === id);
  return found.map((match) => Number(match?.[2])).sort((a, b) => b - a);
}

/** All of a generation is its first batch: it is sealed when that is flushed, and without it the file is an orphan. */
async function writeGeneration(
  files: FileStore,
  id: string,
  number: number,
  contents: readonly Content[],
  time: number,
  { migrations, sum = checksum }: KeepingOptions,
): Promise<Generation> {
  const schema = migrations.length + 1;
  const has = new Set<string>();
  const records: LogRecord[] = [headerRecord(schema)];
  let before: Outline | null = null;
  for (const content of contents) {
    const outline = await outlineOf(content);
    records.push(...(await newArrays(content, has)), commitRecord(diff(before, outline), time));
    before = outline;
  }
  const name = fileName(id, number);
  const file = await files.open(name, { create: true });
  try {
    file.truncate(0);
    const log = continueLog(file, { batches: [], end: 0, rest: 0, damage: undefined }, sum);
    log.append(records);
    return { number, file, log, has, schema };
  } catch (thrown) {
    file.close();
    await files.remove(name);
    throw thrown;
  }
}

/** Records of the arrays that the file has not; their hashes are added. */
async function newArrays({ arrays }: Content, has: Set<string>): Promise<LogRecord[]> {
  const records: LogRecord[] = [];
  for (const array of Object.values(arrays)) {
    const hash = await hashOf(array);
    if (has.has(hash)) continue;
    has.add(hash);
    records.push(arrayRecord(hash, array));
  }
  return records;
}

type State = Pick<KeptDocument, "content" | "previous" | "changed" | "damage">;

function keptDocument(files: FileStore, id: string, first: Generation, opened: State, options: KeepingOptions): KeptDocument {
  let [generation, state] = [first, opened];
  let broken: EngineError | undefined;
  let queue: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = queue.then(work);
    queue = done.catch(() => {});
    return done;
  };
  /** Leaves for a new generation. Where it fails, the old one goes on, unless nobody can say which of them the next start will find. */
  const renew = async (contents: readonly Content[], time: number): Promise<void> => {
    const old = generation;
    broken = stuck();
    try {
      generation = await writeGeneration(files, id, old.number + 1, contents, time, options);
    } catch (thrown) {
      if (!(await generationsOf(files, id)).includes(old.number + 1)) broken = undefined;
      throw thrown;
    }
    broken = undefined;
    old.file.close();
    // What stays behind is removed when the project is opened.
    await files.remove(fileName(id, old.number)).catch(() => {});
  };
  const lastTwo = (): Content[] => (state.previous ? [state.previous, state.content] : [state.content]);
  const commit = async (content: Content): Promise<void> => {
    if (broken ?? state.damage) throw (broken ?? state.damage)!;
    const time = options.now();
    const next = { content, previous: state.content, changed: time, damage: undefined };
    if (generation.schema < options.migrations.length + 1) await renew([state.content, content], time);
    else await append(generation, state.content, content, time);
    state = next;
    const most = Math.max(options.compactAbove ?? COMPACT_ABOVE, 4 * liveBytes(lastTwo()));
    // The commit is safe: where there is no room to tidy up, it waits.
    if ((generation.log?.size ?? 0) > most) await renew(lastTwo(), time).catch(() => {});
  };
  return {
    get content() {
      return state.content;
    },
    get previous() {
      return state.previous;
    },
    get changed() {
      return state.changed;
    },
    get damage() {
      return state.damage;
    },
    get bytes() {
      return generation.log?.size ?? generation.file.size;
    },
    commit: (content) => inTurn(() => commit(content)),
    compact: (instead) =>
      inTurn(async () => {
        if (broken) throw broken;
        await renew(instead ? [instead] : lastTwo(), state.changed);
        state = { ...state, ...(instead && { content: instead, previous: undefined }), damage: undefined };
      }),
    close: () => inTurn(async () => generation.file.close()),
  };
}

async function append({ log, has }: Generation, before: Content, after: Content, time: number): Promise<void> {
  if (!log) throw badProject("Got a damaged file, expected one that can be added to.");
  const known = new Set(has);
  const arrays = await newArrays(after, known);
  log.append([...arrays, commitRecord(diff(await outlineOf(before), await outlineOf(after)), time)]);
  for (const hash of known) has.add(hash);
}

const liveBytes = (contents: readonly Content[]): number => {
  const arrays = new Set<KeptArray>(contents.flatMap(({ arrays: own }) => Object.values(own)));
  return [...arrays].reduce((sum, { byteLength }) => sum + byteLength, 0);
};

const stuck = (): EngineError =>
  new EngineError(
    "storage-unavailable",
    "Got an error while the project was written anew, and the new file could not be removed.",
    "Open the project again: all that was saved is kept.",
  );
