/** The hash of a whole file, part by part and in order: `crypto.subtle` takes a file at once or not at all. */
import { createSHA1, createSHA256 } from "hash-wasm";
import type { RemoteFile } from "./remoteFile.ts";

export interface FileHash {
  /** For messages. */
  readonly name: "SHA-256" | "git object id";
  readonly expected: string;
  update(bytes: Uint8Array): void;
  /** Lower-case hex; afterwards it takes nothing more. */
  digest(): string;
}

/** By what the file is checked; undefined when nobody says what it should be. */
export async function fileHash({ bytes, sha256, gitOid }: RemoteFile): Promise<FileHash | undefined> {
  const expected = sha256 ?? gitOid;
  if (expected === undefined) return undefined;
  const hasher = await (sha256 === undefined ? createSHA1() : createSHA256());
  hasher.init();
  // As `git hash-object` does.
  if (sha256 === undefined) hasher.update(`blob ${bytes}\0`);
  return {
    name: sha256 === undefined ? "git object id" : "SHA-256",
    expected,
    update: (part) => void hasher.update(part),
    digest: () => hasher.digest("hex"),
  };
}
