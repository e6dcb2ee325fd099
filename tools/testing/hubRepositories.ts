/** Repositories as the Hub holds them: each file with its names, and the description that its API gives. */
import { createHash } from "node:crypto";

export interface HubRepository {
  readonly files: Readonly<Record<string, Uint8Array>>;
  /** Files need a token; "manual" and "auto" as the Hub says it. */
  readonly gated?: boolean;
  /** 40 hex digits; made up by default. */
  readonly commit?: string;
  readonly licence?: string;
}

export interface StoredFile {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly lfs: boolean;
  readonly sha256: string;
  readonly gitOid: string;
}

export interface Stored {
  readonly id: string;
  readonly commit: string;
  readonly gated: boolean;
  readonly licence: string | undefined;
  readonly files: ReadonlyMap<string, StoredFile>;
}

export const pointerOf = ({ sha256, bytes }: StoredFile): string =>
  `version https://git-lfs.github.com/spec/v1\noid sha256:${sha256}\nsize ${bytes.length}\n`;

export function storeRepositories(repositories: Readonly<Record<string, HubRepository>>): Map<string, Stored> {
  const entries = Object.entries(repositories).map(([id, { files, gated = false, commit, licence }]) => {
    const kept = Object.entries(files).map(([path, bytes]) => [path, storedFile(path, bytes)] as const);
    const name =
      commit ??
      createHash("sha1")
        .update(id)
        .update(kept.map(([, file]) => file.gitOid).join())
        .digest("hex");
    return [id, { id, commit: name, gated, licence, files: new Map(kept) }] as const;
  });
  return new Map(entries);
}

function storedFile(path: string, bytes: Uint8Array): StoredFile {
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const file = { path, bytes, sha256, lfs: /\.(?:safetensors|gguf|bin|model)$/.test(path), gitOid: "" };
  // Git knows large files by their pointer.
  const blob = file.lfs ? new TextEncoder().encode(pointerOf(file)) : bytes;
  return { ...file, gitOid: createHash("sha1").update(`blob ${blob.length}\0`).update(blob).digest("hex") };
}

/** @param blobs with sizes and hashes */
export function describeRepository({ id, commit, gated, licence, files }: Stored, blobs: boolean) {
  const siblings = [...files.values()].map((file) => ({
    rfilename: file.path,
    ...(blobs ? { size: file.bytes.length, blobId: file.gitOid } : {}),
    ...(blobs && file.lfs ? { lfs: { sha256: file.sha256, size: file.bytes.length, pointerSize: pointerOf(file).length } } : {}),
  }));
  const cardData = licence === undefined ? {} : { license: licence };
  return { _id: "0", id, modelId: id, sha: commit, private: false, gated: gated ? "manual" : false, tags: [], cardData, siblings };
}
