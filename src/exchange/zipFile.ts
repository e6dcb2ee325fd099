/** Zip files: written alike for alike files, read strictly. */
import { inflateSync, zipSync, type Zippable } from "fflate";
import { shown } from "../weights/strictJson.ts";
import { crc32 } from "./crc32.ts";
import { badAdapter } from "./modules.ts";
import { maxFileBytes } from "./tensorFile.ts";
import { readZipDirectory, type ZipEntry, type ZipLimits } from "./zipDirectory.ts";

const defaults: ZipLimits = { files: 10_000, totalBytes: maxFileBytes };

/** Texts are deflated; safetensors stay as they are, since floats hardly pack. The same files give the same bytes. */
export function writeZip(files: ReadonlyMap<string, Uint8Array>): Uint8Array<ArrayBuffer> {
  // fflate writes the local time, so that this is the same everywhere.
  const mtime = new Date(1980, 0, 1);
  const content: Zippable = {};
  for (const [name, bytes] of files) content[name] = [bytes, { level: name.endsWith(".safetensors") ? 0 : 6, mtime }];
  return zipSync(content);
}

/**
 * Every file of an archive. What it declares is checked before anything is inflated, and what comes out against what it declared.
 * @throws EngineError `bad-adapter` for names that leave the folder, sizes past the limits, and all that is broken
 */
export function readZip(bytes: Uint8Array, limits: Partial<ZipLimits> = {}): Map<string, Uint8Array> {
  const entries = readZipDirectory(bytes, { ...defaults, ...limits });
  return new Map(entries.map((entry) => [entry.name, unpack(bytes.subarray(entry.begin, entry.end), entry)]));
}

function unpack(packed: Uint8Array, { name, method, size, crc }: ZipEntry): Uint8Array {
  const unpacked = method === 0 ? packed.slice() : inflate(packed, name, size);
  if (unpacked.length !== size) throw broken(name, `more or less than the ${size} bytes that it declares`);
  if (crc32(unpacked) !== crc) throw broken(name, "another checksum than it declares");
  return unpacked;
}

function inflate(packed: Uint8Array, name: string, size: number): Uint8Array {
  try {
    // One byte more than declared tells a longer stream, and bounds what it may take.
    return inflateSync(packed, { out: new Uint8Array(size + 1) });
  } catch (cause) {
    throw broken(name, `a broken stream (${cause instanceof Error ? cause.message : "unknown fault"})`);
  }
}

const broken = (name: string, what: string) =>
  badAdapter(`Zip: ${shown(name)}: got ${what}.`, "The archive is damaged: copy or pack it anew.");
