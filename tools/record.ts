/**
 * `npm run record -- [--model DIR] [--examples FILE] [--edit N] [--out FILE]`: makes one of the shipped example edits headless and writes
 * what the page shows of it: the recorded run that plays until the model is there. The same files give the same bytes on the same adapter.
 * Exit code 2 for what cannot be used.
 */
import { openAsBlob } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import type { ModelSource } from "../src/engine/protocol.ts";
import { createSession } from "../src/engine/session.ts";
import { EngineError } from "../src/lib/errors.ts";
import { readRecording } from "../src/panels/recorded/readRecording.ts";
import { parseExamples } from "../src/store/examples.ts";
import { exitCodeOf } from "./lib/exitCode.ts";
import { recordRun, type Script } from "./record/recordRun.ts";

const usage = "usage: npm run record -- [--model DIR] [--examples FILE] [--edit N] [--out FILE]";
/** What a page can be asked to read before its first second is over. */
const MOST_BYTES = 500_000;

export function main(argv: string[]): Promise<number> {
  return exitCodeOf(async () => {
    const { model, examples, edit, out } = readArguments(argv);
    const script = await readScript(examples, edit);
    const session = createSession(navigator.gpu, ({ error }) => console.error(`${error.code}: ${error.message}`));
    const recording = await recordRun(session, await folderSource(model), script);
    const written = `${JSON.stringify(recording)}\n`;
    readRecording(JSON.parse(written));
    if (written.length > MOST_BYTES)
      throw new EngineError("bad-recording", `Got ${written.length} bytes, expected at most ${MOST_BYTES}.`, "Record a shorter edit.");
    await mkdir(dirname(out), { recursive: true });
    await writeFile(out, written);
    console.log(`${out}: ${written.length} bytes, ${recording.model.name} (${recording.model.quantization})`);
    for (const { kind, prompt, before, after } of recording.prompts)
      console.log(
        `${kind.padEnd(10)} ${prompt}${before.text} → ${after.text.trim()} (${after.trace.scope.inScope ? "in scope" : "deferred"})`,
      );
  });
}

function readArguments(argv: string[]) {
  const text = { type: "string" } as const;
  try {
    const { values } = parseArgs({ args: argv, options: { model: text, examples: text, edit: text, out: text } });
    return {
      model: values.model ?? "public/models/atlas/int8",
      examples: values.examples ?? "public/models/atlas/examples.json",
      edit: Number(values.edit ?? 0),
      out: values.out ?? "public/recorded/atlas.json",
    };
  } catch (cause) {
    throw new EngineError("bad-settings", cause instanceof Error ? cause.message : String(cause), usage);
  }
}

/** The first prompts of an example that were not trained on. */
async function readScript(file: string, edit: number): Promise<Script> {
  const { edits } = parseExamples(JSON.parse(await readFile(file, "utf8")));
  const example = edits[edit];
  const [rephrasing, unrelated] = [example?.tests[0], example?.unrelated[0]?.prompt];
  if (!example || rephrasing === undefined || unrelated === undefined)
    throw new EngineError("bad-settings", `${file}: got no example edit ${edit} with a test and an unrelated prompt, expected one.`, usage);
  const { prompt, answer, rephrasings } = example;
  return { draft: { prompt, answer, rephrasings }, rephrasing, unrelated };
}

/** A folder as if a person had dropped it on the page. */
async function folderSource(folder: string): Promise<ModelSource> {
  const names = await readdir(folder).catch(() => []);
  if (names.length === 0) throw new EngineError("unknown-model", `Got ${folder}, expected a folder with a model.`, usage);
  return { kind: "files", files: await Promise.all(names.map(async (path) => ({ path, file: await openAsBlob(join(folder, path)) }))) };
}
