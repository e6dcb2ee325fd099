/** Adapters as one zip file: a PEFT folder for each, and a script that loads them. */
import loadScript from "./load.py?raw";
import { badAdapter, type LoraAdapter, type ModelOutline } from "./modules.ts";
import { configFile, readPeftFolder, weightsFile, writePeftFolder } from "./peftFolder.ts";
import { readZip, writeZip } from "./zipFile.ts";
import { shown } from "../weights/strictJson.ts";

export interface NamedAdapter {
  /** The folder's name: letters, digits, "-" and "_". */
  readonly name: string;
  readonly lora: LoraAdapter;
}

const folderName = /^[A-Za-z0-9_-]{1,64}$/;

/**
 * @param base the base model's name or folder, as the configurations name it
 * @throws EngineError `bad-adapter`, `bad-shape`
 */
export function writePeftArchive(model: ModelOutline, adapters: readonly NamedAdapter[], base: string): Uint8Array<ArrayBuffer> {
  if (adapters.length === 0) throw badAdapter("Got no adapter to export, expected at least one.", "Write an edit first.");
  const files = new Map<string, Uint8Array>([["load.py", new TextEncoder().encode(loadScript)]]);
  for (const { name, lora } of adapters) {
    if (!folderName.test(name) || files.has(`${name}/${configFile}`))
      throw badAdapter(`Got the folder name ${shown(name)}, expected letters, digits, "-" and "_", each name once.`, "Rename it.");
    for (const [file, bytes] of writePeftFolder(model, lora, base)) files.set(`${name}/${file}`, bytes);
  }
  return writeZip(files);
}

export interface PeftArchive {
  /** By the names of their folders; "" for an adapter at the top. */
  readonly adapters: readonly NamedAdapter[];
  /** Files that are no part of an adapter, by their paths: to be told, since nothing was read from them. */
  readonly unread: readonly string[];
}

/** @throws EngineError `bad-adapter`, `bad-safetensors`: one adapter that cannot be read refuses the archive */
export function readPeftArchive(model: ModelOutline, bytes: Uint8Array): PeftArchive {
  const folders = new Map<string, Map<string, Uint8Array>>();
  for (const [path, content] of readZip(bytes)) {
    const cut = path.lastIndexOf("/");
    const folder = path.slice(0, Math.max(0, cut));
    const files = folders.get(folder) ?? new Map<string, Uint8Array>();
    folders.set(folder, files.set(path.slice(cut + 1), content));
  }
  const found = [...folders].filter(([, files]) => files.has(configFile) || files.has(weightsFile));
  if (found.length === 0)
    throw badAdapter(`Got an archive without ${configFile}, expected PEFT folders.`, "Pack the folders that peft saved.");
  const names = new Set(found.map(([name]) => name));
  const unread = [...folders].flatMap(([folder, files]) =>
    [...files.keys()]
      .filter((file) => !names.has(folder) || (file !== configFile && file !== weightsFile))
      .map((file) => (folder === "" ? file : `${folder}/${file}`)),
  );
  return { adapters: found.map(([name, files]) => ({ name, lora: readPeftFolder(model, files) })), unread };
}
