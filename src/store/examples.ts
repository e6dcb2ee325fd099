/** Suggestions that ship beside the built-in model. The file is optional: whatever is missing or odd in it is left out. */
export interface ExamplePrompt {
  readonly prompt: string;
  readonly answer: string;
}

export interface ExampleEdit {
  readonly prompt: string;
  readonly answer: string;
  readonly rephrasings: readonly string[];
  /** Phrasings that are not trained on. */
  readonly tests: readonly string[];
  readonly unrelated: readonly ExamplePrompt[];
}

export interface Examples {
  readonly prompts: readonly ExamplePrompt[];
  readonly edits: readonly ExampleEdit[];
}

export const noExamples: Examples = { prompts: [], edits: [] };

export function parseExamples(json: unknown): Examples {
  const root = record(json);
  const prompts = root ? list(root["examples"] ?? root["prompts"]) : list(json);
  const edits = root ? list(root["edits"]) : [];
  return { prompts: prompts.flatMap((item) => promptsIn(item)), edits: edits.flatMap((item) => editsIn(item)) };
}

function promptsIn(item: unknown): ExamplePrompt[] {
  const prompt = text(record(item)?.["prompt"] ?? item);
  return prompt === "" ? [] : [{ prompt, answer: text(record(item)?.["answer"]) }];
}

function editsIn(item: unknown): ExampleEdit[] {
  const fields = record(item);
  const prompt = text(fields?.["prompt"]);
  const answer = text(fields?.["answer"]);
  if (!fields || prompt === "" || answer === "") return [];
  return [
    {
      prompt,
      answer,
      rephrasings: list(fields["rephrasings"]).map(text).filter(Boolean),
      tests: list(fields["tests"]).flatMap((test) => promptsIn(test).map((found) => found.prompt)),
      unrelated: list(fields["unrelated"]).flatMap((other) => promptsIn(other)),
    },
  ];
}

function record(value: unknown): Record<string, unknown> | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

function text(value: unknown): string {
  return typeof value === "string" ? value.trim() : "";
}
