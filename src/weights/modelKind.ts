/** Which of a model's files are to be read: our own shards, one GGUF file, or a folder as Hugging Face lays it out. */
import { EngineError } from "../lib/errors.ts";
import type { FileSet } from "./byteSource.ts";

export type ModelKind =
  | { readonly kind: "shards"; readonly manifest: string; readonly wanted: readonly string[] }
  | { readonly kind: "gguf"; readonly file: string; readonly wanted: readonly string[] }
  /** `folder` ends with "/" or is empty. */
  | { readonly kind: "folder"; readonly folder: string; readonly wanted: readonly string[] };

/** Files of a Hugging Face folder besides its weights. */
export const folderTexts = ["config.json", "tokenizer.json", "tokenizer_config.json"] as const;
export const singleFile = "model.safetensors";
export const indexFile = "model.safetensors.index.json";
const numbered = /^model-\d{5}-of-\d{5}\.safetensors$/;

/**
 * @param choice one of the files where they hold several models
 * @throws EngineError `unknown-files` saying what was found and what makes a model
 */
export function modelKind({ name, files }: Pick<FileSet, "name" | "files">, choice?: string): ModelKind {
  if (choice !== undefined) return chosen(name, files, choice);
  const manifest = shallowest(files, "manifest.json");
  if (manifest !== undefined) return { kind: "shards", manifest, wanted: [] };
  const folder = folderKind(files);
  if (folder) return folder;
  const ggufs = files.filter((file) => file.endsWith(".gguf"));
  const [first] = ggufs;
  if (first !== undefined && ggufs.length === 1) return ggufKind(first);
  if (first !== undefined)
    throw unknownFiles(`${name}: got ${ggufs.length} GGUF files (${brief(ggufs)}), expected one`, "Choose one of them by its name.");
  throw unknownFiles(`${name}: got ${files.length === 0 ? "no files" : brief(files)}, ${whatIsMissing(files)}`, hintFor(files));
}

function chosen(name: string, files: readonly string[], choice: string): ModelKind {
  if (!files.includes(choice))
    throw unknownFiles(`${name}: got no file ${JSON.stringify(choice)}, expected one of ${brief(files)}`, "Check the name.");
  if (choice.endsWith(".gguf")) return ggufKind(choice);
  if (baseOf(choice) === "manifest.json") return { kind: "shards", manifest: choice, wanted: [] };
  const kind = folderKind(files.filter((file) => folderOf(file) === folderOf(choice)));
  if (kind) return kind;
  throw unknownFiles(
    `${name}: got ${JSON.stringify(choice)}, expected a .gguf file, a manifest.json or a folder's config.json`,
    hintFor(files),
  );
}

const ggufKind = (file: string): ModelKind => ({ kind: "gguf", file, wanted: [file] });

function folderKind(files: readonly string[]): ModelKind | undefined {
  const config = shallowest(files, "config.json");
  if (config === undefined) return undefined;
  const folder = folderOf(config);
  const own = files.filter((file) => folderOf(file) === folder).map(baseOf);
  const weights = own.includes(indexFile)
    ? [indexFile, ...own.filter((file) => numbered.test(file))]
    : own.filter((file) => file === singleFile);
  if (weights.length === 0) return undefined;
  const texts = folderTexts.filter((file) => own.includes(file));
  return { kind: "folder", folder, wanted: [...texts, ...weights].map((file) => folder + file) };
}

const folderOf = (file: string): string => file.slice(0, file.lastIndexOf("/") + 1);
const baseOf = (file: string): string => file.slice(file.lastIndexOf("/") + 1);

/** The file of that name nearest to the root. */
function shallowest(files: readonly string[], base: string): string | undefined {
  const depth = (file: string): number => file.split("/").length;
  return files.filter((file) => baseOf(file) === base).sort((a, b) => depth(a) - depth(b))[0];
}

function brief(files: readonly string[]): string {
  const shown = files.slice(0, 6).join(", ");
  return files.length > 6 ? `${shown} and ${files.length - 6} more` : shown;
}

function whatIsMissing(files: readonly string[]): string {
  if (files.some((file) => file.endsWith(".safetensors")))
    return "expected config.json beside the safetensors file, which must be called model.safetensors or be named by an index";
  if (files.some((file) => baseOf(file) === "config.json")) return `expected ${singleFile} or ${indexFile} beside config.json`;
  return "expected config.json with model.safetensors, a .gguf file, or a manifest.json of our own shards";
}

const hintFor = (files: readonly string[]): string =>
  files.some((file) => /\.(?:bin|pt|pth|ckpt|h5|msgpack)$/.test(file))
    ? "Pickles can run code and are never read: save the model with save_pretrained(..., safe_serialization=True), or choose a repository that has safetensors or GGUF."
    : "Pick the model's whole folder, or one .gguf file.";

function unknownFiles(message: string, hint: string): EngineError {
  return new EngineError("unknown-files", `${message}.`, hint);
}
