/** What others, or this page, made as files of adapters, as a project on the model in use. */
import { mixtureOfOne, readAdapterFiles } from "../exchange/adapterFiles.ts";
import type { MixtureContent } from "../exchange/mixtureFile.ts";
import { badAdapter, widthsOf } from "../exchange/modules.ts";
import type { NamedAdapter } from "../exchange/peftArchive.ts";
import type { MethodState } from "../methods/method.ts";
import { importedState } from "../methods/paper.ts";
import { joinParts, parameterLayout } from "../mixture/parameters.ts";
import { checkSettings, defaultSettings } from "../mixture/settings.ts";
import type { LoadedModel } from "./facts.ts";
import type { Work } from "./keeper.ts";
import type { AdapterImport } from "./projectsProtocol.ts";
import { workWith } from "./work.ts";

export type ReadAdapters =
  | { readonly kind: "work"; readonly work: Work }
  /** There are several, each of which would answer every prompt: the person says which. */
  | { readonly kind: "choice"; readonly folders: readonly string[] };

/**
 * A mixture goes on in paper mode: with its edits where the file names them, else it answers every prompt. So does one PEFT adapter.
 * Alpha, k and the rest, where a file says nothing of them, are those in use.
 * @throws EngineError `bad-adapter`, `bad-safetensors`, `bad-settings`
 */
export function importAdapters(loaded: LoadedModel, { files, name, folder }: AdapterImport, request: unknown): ReadAdapters {
  const { model, settings } = loaded;
  const read = readAdapterFiles(model, files, settings);
  if (read.kind === "mixture") return { kind: "work", work: workFor(loaded, read.content, name, request) };
  const folders = read.adapters.map((adapter) => adapter.name);
  if (folders.length > 1 && folder === null) return { kind: "choice", folders };
  const { lora } = chosen(read.adapters, folder);
  const content = mixtureOfOne(lora, defaultSettings(model));
  checkSettings(content.settings, model);
  return { kind: "work", work: workFor(loaded, content, folder ?? name, request) };
}

function chosen(adapters: readonly NamedAdapter[], folder: string | null): NamedAdapter {
  const found = folder === null ? adapters[0] : adapters.find(({ name }) => name === folder);
  if (found) return found;
  throw badAdapter(
    `Got no folder ${JSON.stringify(folder)} in the archive, expected one of its ${adapters.length}.`,
    "Choose the file again.",
  );
}

function workFor(loaded: LoadedModel, { settings, values, written }: MixtureContent, name: string, request: unknown): Work {
  const { layers, experts, rank, module } = settings;
  const layout = parameterLayout({ layers: layers.length, experts, rank, ...widthsOf(loaded.model, module) });
  const parameters = joinParts(layout, values);
  const state: MethodState = written ? { facts: written.learned, arrays: { parameters } } : importedState(parameters);
  const kept = { method: "paper", settings, threshold: settings.hammingThreshold, edits: written?.edits ?? [], state } as const;
  return { ...workWith(loaded, kept, request), name };
}
