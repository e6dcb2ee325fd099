/** What stands for a model on a command line: a folder, a file. */
import type { FileSet } from "../../src/weights/byteSource.ts";
import { diskFiles } from "./diskFiles.ts";

/** @throws EngineError `unknown-model`, and those of the download */
export function openSource(source: string): Promise<FileSet> {
  return diskFiles(source);
}
