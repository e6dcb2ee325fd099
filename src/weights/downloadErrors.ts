/** What can be wrong with a download. None of it names a signed address: whoever has that can read the file. */
import { EngineError, errorFacts } from "../lib/errors.ts";
import { recogniseImpostor } from "./fileKind.ts";
import type { RemoteFile } from "./remoteFile.ts";
import { Setback } from "./setback.ts";

export function offline({ path }: RemoteFile, got = "no answer"): EngineError {
  const hint = "Check the connection, then go on: what has come already is not downloaded again.";
  return new EngineError("fetch-failed", `${path}: got ${got}, expected the file's bytes.`, hint);
}

export function changed({ path, bytes }: RemoteFile, got: string, expected = `${bytes} bytes`): EngineError {
  const hint =
    "The file changed on the server, or something on the way answers in its place: open the model again, and discard what was downloaded if it stays.";
  return new EngineError("file-changed", `${path}: got ${got}, expected ${expected}.`, hint);
}

export function damaged({ path }: RemoteFile, got: string, expected: string): EngineError {
  const hint = "Some of it came damaged or is of another version. It was removed here: load the model again, and it is downloaded anew.";
  return new EngineError("bad-shard", `${path}: got ${got} of the whole file, expected ${expected}.`, hint);
}

/** A page or a pointer where a file's beginning was expected. */
export function impostor(file: RemoteFile, start: Uint8Array | undefined): Setback | undefined {
  const found = start && recogniseImpostor(start);
  // The others that it knows are files in their own right.
  if (!found || !/HTML|LFS/.test(found.what) || /\.(?:html?|xml|svg)$/i.test(file.path)) return undefined;
  return new Setback(new EngineError("bad-shard", `${file.path}: got ${found.what}, expected the file itself.`, found.hint));
}

export function asEngineError(thrown: unknown): EngineError {
  if (thrown instanceof EngineError) return thrown;
  const { code, message, hint } = errorFacts(thrown);
  return new EngineError(code, message, hint, { cause: thrown });
}

/** Why a store takes nothing more. */
export function storeError(thrown: unknown): EngineError {
  if (thrown instanceof EngineError && thrown.code === "no-space") return thrown;
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return new EngineError(
    "no-space",
    `Got an error of the storage (${reason}), expected it to keep what is downloaded.`,
    "The model can still be used, but will be downloaded again the next time.",
  );
}
