/** The files of a download, to be read while they come. */
import { throwIfCancelled, cancelled } from "../lib/errors.ts";
import type { ByteSource, FileSet } from "./byteSource.ts";
import type { Demand } from "./downloadSchedule.ts";
import type { FileCopy } from "./fileCopy.ts";
import { checkRange } from "./fileSets.ts";
import type { Transfer } from "./transfer.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** @param checkFirst files that give out nothing before they were checked */
export function downloadFiles(name: string, transfer: Transfer, checkFirst: (copy: FileCopy) => boolean): FileSet {
  const copies = new Map(transfer.copies.map((copy) => [copy.file.path, copy]));
  const source = (copy: FileCopy): ByteSource => ({
    name: copy.file.path,
    size: copy.file.bytes,
    read: (begin, end, signal) => readRange(transfer, copy, begin, end, checkFirst(copy), signal),
  });
  return {
    name,
    files: [...copies.keys()],
    open: (file) => {
      const copy = copies.get(file);
      return copy && source(copy);
    },
  };
}

async function readRange(
  transfer: Transfer,
  copy: FileCopy,
  begin: number,
  end: number,
  checkFirst: boolean,
  signal: AbortSignal | undefined,
): Promise<Bytes> {
  throwIfCancelled(signal);
  checkRange(copy.file.path, copy.file.bytes, begin, end);
  const { chunkBytes } = copy.kept;
  const demand = { copy, from: Math.floor(begin / chunkBytes), to: Math.ceil(end / chunkBytes), checkFirst } satisfies Demand;
  transfer.want(copy);
  transfer.demands.add(demand);
  try {
    transfer.pump();
    if (checkFirst) await transfer.until(() => copy.checked, signal);
    return await collect(transfer, demand, begin, end, signal);
  } finally {
    transfer.demands.delete(demand);
    transfer.pump();
  }
}

async function collect(
  transfer: Transfer,
  demand: { readonly copy: FileCopy; from: number; readonly to: number },
  begin: number,
  end: number,
  signal: AbortSignal | undefined,
): Promise<Bytes> {
  const { copy } = demand;
  const result = new Uint8Array(end - begin);
  for (; demand.from < demand.to; demand.from++) {
    const chunk = await chunkAt(transfer, copy, demand.from, signal);
    // The last chunk may be needed by the next read too.
    transfer.reading = { copy, at: demand.from };
    const start = copy.kept.begin(demand.from);
    const part = chunk.subarray(Math.max(0, begin - start), end - start);
    result.set(part, Math.max(0, start - begin));
  }
  return result;
}

/** Not to be changed: others read it too. */
async function chunkAt(transfer: Transfer, copy: FileCopy, index: number, signal: AbortSignal | undefined): Promise<Bytes> {
  throwIfCancelled(signal);
  if (transfer.failed) throw transfer.failed;
  const found = (await copy.find(index)) ?? copy.findNear(index);
  if (transfer.failed) throw transfer.failed;
  if (found) return found;
  return new Promise((resolve, reject) => {
    const leave = copy.wait(index, {
      take: (bytes) => {
        signal?.removeEventListener("abort", stop);
        resolve(bytes);
      },
      fail: reject,
    });
    const stop = (): void => {
      leave();
      reject(cancelled());
    };
    signal?.addEventListener("abort", stop, { once: true });
    transfer.pump();
  });
}
