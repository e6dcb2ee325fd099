/** The edits in a mixture as text in a file's metadata: for the page alone, which lists them again and decides by their codes. */
import { errorFacts } from "../lib/errors.ts";
import type { EditFacts } from "../ledger/edits.ts";
import { readEdits } from "../ledger/keptEdits.ts";
import { readPaperFacts } from "../methods/keptFacts.ts";
import type { MethodSettings } from "../mixture/settings.ts";
import { maxHeaderBytes } from "../weights/safetensors.ts";
import { isJsonObject, parseStrictJson, shown } from "../weights/strictJson.ts";
import { badAdapter } from "./modules.ts";

export interface WrittenEdits {
  readonly edits: readonly EditFacts[];
  /** What paper mode knows of them, plain JSON: allocations and codes. */
  readonly learned: unknown;
}

const version = 1;
const maxValues = 2_000_000;
/** The rest of a header are names and shapes. */
const maxCharacters = maxHeaderBytes / 2;

/** Fields in one order, so that equal edits give equal bytes. @throws EngineError `bad-adapter` for more than a header holds */
export function writeMixtureEdits({ edits, learned }: WrittenEdits): string {
  const text = JSON.stringify({ version, edits, learned }, (_, value: unknown) =>
    isJsonObject(value) ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))) : value,
  );
  if (text.length <= maxCharacters) return text;
  throw badAdapter(
    `Got ${edits.length} edits of ${text.length} characters, expected at most ${maxCharacters} for a file's metadata.`,
    "Export the project as a file, which has no such limit.",
  );
}

/** @throws EngineError `bad-adapter` */
export function readMixtureEdits(text: string, { layers, experts, topK }: MethodSettings): WrittenEdits {
  const json = parseStrictJson(text, (message) => badAdapter(`Edits in the metadata: ${message}.`), { maxValues });
  const content = isJsonObject(json) ? json : {};
  if (content["version"] !== version) throw badAdapter(`Edits: got version ${shown(content["version"])}, expected ${version}.`);
  try {
    const edits = readEdits(content["edits"]);
    return { edits, learned: { edits: readPaperFacts(content["learned"], { layers: layers.length, experts, topK }) } };
  } catch (cause) {
    const { message } = errorFacts(cause);
    throw badAdapter(`Edits in the metadata: ${message}`, "Export the mixture again where it was made.", { cause });
  }
}
