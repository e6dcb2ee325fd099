/** The log of a project, as storage gives it back, and a project as a file. */
import { isDeepStrictEqual } from "node:util";
import { crc32 } from "node:zlib";
import {
  arrayRecord,
  commitRecord,
  hashOf,
  headerRecord,
  outlineOf,
  readContent,
  replay,
  type Content,
} from "../../../src/keeping/content.ts";
import { badProject, type SyncFile } from "../../../src/keeping/files.ts";
import { scanLog, type Scan } from "../../../src/keeping/log.ts";
import { diff } from "../../../src/keeping/patch.ts";
import { readProjectFile, writeProjectFile } from "../../../src/keeping/projectFile.ts";
import { checksum, encodeRecord, HEADER_BYTES, type Checksum, type LogRecord } from "../../../src/keeping/record.ts";
import { migrations } from "../../../src/keeping/schema.ts";
import { damageBytes } from "../damageBytes.ts";
import type { Draw } from "../draw.ts";
import { mutateTree, treeOf, writeTree } from "../jsonTree.ts";
import { alone, bytesOf, type FuzzSource, type FuzzTarget, type Input } from "../target.ts";

export const schema = migrations.length + 1;
const options = { migrations, now: () => 1 };

const first: Content = {
  facts: { name: "P", edits: [{ id: 1, on: true, strength: 1 }] },
  arrays: { a: Float32Array.of(1, 2), b: Uint8Array.of(3) },
};
const second: Content = { facts: { name: "Q", edits: [] }, arrays: { a: Int32Array.of(-1, 7), c: Uint32Array.of(9, 8, 7) } };

export interface Written {
  readonly record: LogRecord;
  readonly batch: number;
  readonly last: boolean;
}

/** A log of two commits, record by record. */
async function writtenLog(): Promise<Written[]> {
  const [before, after] = [await outlineOf(first), await outlineOf(second)];
  const arrays = (content: Content): Promise<LogRecord[]> =>
    Promise.all(Object.values(content.arrays).map(async (array) => arrayRecord(await hashOf(array), array)));
  const batches = [
    [headerRecord(schema), ...(await arrays(first)), commitRecord(diff(null, before), 1)],
    [...(await arrays(second)), commitRecord(diff(before, after), 2)],
  ];
  return batches.flatMap((records, batch) => records.map((record, at) => ({ record, batch: batch + 1, last: at === records.length - 1 })));
}

export const logOf = (records: readonly Written[]): Uint8Array =>
  new Uint8Array(Buffer.concat(records.map(({ record, batch, last }) => encodeRecord(record, batch, last, checksum))));

/** Records with right checksums that no page writes: a stranger can. */
function mutateRecords(records: readonly Written[], draw: Draw): Written[] {
  const at = draw.prng.below(records.length);
  const [own, end] = [records[at], records.at(-1)] as [Written, Written];
  const withRecord = (record: LogRecord): Written[] => records.with(at, { ...own, record });
  const payload = (bytes: Uint8Array): Written[] => withRecord({ ...own.record, payload: bytes });
  return draw.pick<() => Written[]>([
    () => (own.record.kind === 2 ? payload(damageBytes(own.record.payload, draw)) : mutatedJson(own, payload, draw)),
    () => (own.record.kind === 2 ? payload(own.record.payload.subarray(0, draw.prng.below(40))) : mutatedJson(own, payload, draw)),
    () => mutatedJson(end, (bytes) => [...records.slice(0, -1), { ...end, record: { kind: 3, payload: bytes } }], draw),
    () => withRecord({ ...own.record, kind: draw.prng.below(6) }),
    () => records.with(at, { ...own, batch: draw.prng.below(4) }),
    () => records.with(at, { ...own, last: !own.last }),
    () => records.toSpliced(at, 1),
    () => records.toSpliced(at, 0, own),
    () => records.with(at, draw.pick(records)),
  ])();
}

function mutatedJson({ record }: Written, put: (bytes: Uint8Array) => Written[], draw: Draw): Written[] {
  if (record.kind === 2) return put(record.payload);
  const tree = treeOf(JSON.parse(new TextDecoder().decode(record.payload)));
  return put(new TextEncoder().encode(writeTree(mutateTree(tree, draw))));
}

/** What was read of it is the file's own bytes, so that what stands before a part can be seen. */
const fileOf = (bytes: Uint8Array<ArrayBuffer>): SyncFile => ({
  size: bytes.length,
  read: (at, length) => bytes.subarray(at, at + length),
  write: () => undefined,
  truncate: () => undefined,
  flush: () => undefined,
  close: () => undefined,
});

interface Read {
  readonly scan: Scan;
  readonly contents: readonly Content[];
}

function readLog(input: Input, sum: Checksum = checksum): Read {
  const file = fileOf(bytesOf(input));
  const scan = scanLog(file, sum);
  if (scan.batches.length === 0) throw scan.damage ?? badProject("Got no whole batch.");
  const { outlines, places } = replay(file, scan.batches, schema);
  return { scan, contents: outlines.map((outline) => readContent(file, outline, places)) };
}

/** Planted: every checksum is right. The stored one stands just before what it is of. */
const anyChecksum: Checksum = (bytes) => new DataView(bytes.buffer, bytes.byteOffset - 4, 4).getUint32(0, true);

/** Every record that counts is whole by the checksum of another implementation, and the batches follow each other. */
function checkLog(input: Input, { scan: { batches, end, rest }, contents }: Read): string | undefined {
  const bytes = bytesOf(input);
  const view = new DataView(bytes.buffer);
  let next = 0;
  for (const [number, batch] of batches.entries())
    for (const [i, { at, length, batch: told, last }] of batch.entries()) {
      const start = at - HEADER_BYTES;
      if (start !== next || told !== number + 1 || last !== (i === batch.length - 1))
        return `record at ${start}: batch ${told}, expected ${number + 1} at ${next}`;
      if (crc32(bytes.subarray(start + 8, at + length)) !== view.getUint32(start + 4, true))
        return `record at ${start}: another checksum than it says`;
      next = at + length;
    }
  if (end !== next || end + rest !== bytes.length) return `ends at ${end}, ${rest} bytes before ${bytes.length}`;
  const lost = contents.findIndex(({ arrays }) => Object.values(arrays).some((array) => !ArrayBuffer.isView(array)));
  return lost < 0 ? undefined : `document ${lost} has an array that is none`;
}

export const log: FuzzSource = {
  name: "log",
  share: 16,
  plants: ["missing-crc"],
  async open(plant) {
    const records = await writtenLog();
    const bytes = logOf(records);
    return {
      codes: ["bad-project", "newer-schema"],
      sound: [alone(bytes)],
      mutate: (draw) => alone(draw.oneIn(2) ? logOf(mutateRecords(records, draw)) : damageBytes(bytes, draw)),
      read: (input) => readLog(input, plant === "missing-crc" ? anyChecksum : checksum),
      check: (input, read) => checkLog(input, read as Read),
    };
  },
};

export const project: FuzzSource = {
  name: "project",
  share: 6,
  async open(): Promise<FuzzTarget<Content>> {
    const records = (await writtenLog()).filter(({ batch }) => batch === 1);
    const bytes = logOf(records);
    return {
      codes: ["bad-project", "newer-schema"],
      sound: [alone(bytes), alone(await writeProjectFile(second, options))],
      mutate: (draw) => alone(draw.oneIn(3) ? damageBytes(bytes, draw) : logOf(mutateRecords(records, draw))),
      read: (input) => readProjectFile(bytesOf(input), options),
      // What was opened can be kept, and is the same then.
      async check(_, read) {
        const again = await readProjectFile(await writeProjectFile(read, options), options);
        return isDeepStrictEqual(again.arrays, read.arrays) && JSON.stringify(again.facts) === JSON.stringify(read.facts)
          ? undefined
          : "not the same when kept";
      },
    };
  },
};
