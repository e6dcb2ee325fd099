import { isJsonObject } from "../weights/strictJson.ts";
import type { LocalityKind, LocalityPrompt } from "./editSet.ts";
import type { ImportLayout } from "./importLayout.ts";
import type { RowFields } from "./rowFields.ts";

const localityKinds: readonly LocalityKind[] = ["same subject", "same relation", "far"];

/** The project's own records: the fields of `EditRecord`, of which only `prompt` and `answer` have to be there. */
export const ownLayout: ImportLayout = {
  name: "own (prompt, answer)",
  fits: (row) => "prompt" in row && "answer" in row,
  read: (fields) => ({
    id: fields.optionalId("id"),
    prompt: fields.text("prompt"),
    answer: fields.text("answer"),
    subject: fields.optionalText("subject"),
    rephrasings: fields.texts("rephrasings"),
    heldOut: fields.texts("heldOut"),
    locality: fields.list("locality").flatMap((value, index) => readLocality(fields, value, `locality[${index}]`)),
  }),
};

function readLocality(fields: RowFields, value: unknown, path: string): LocalityPrompt[] {
  const given = isJsonObject(value) ? value : {};
  const kind = localityKinds.find((known) => known === given.kind);
  const prompt = typeof given.prompt === "string" ? given.prompt.trim() : "";
  if (kind === undefined) fields.report(`${path}.kind`, given.kind, localityKinds.map((known) => `"${known}"`).join(", "));
  if (prompt === "") fields.report(`${path}.prompt`, given.prompt, "a text that is not empty");
  return kind === undefined || prompt === "" ? [] : [{ prompt, kind }];
}
