import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { tinyConfig, tinyTensors, tinyTokenizerConfig, tinyTokenizerJson } from "../src/model/testing/tinyModel.ts";
import { writeSafetensors } from "../src/weights/safetensorsWriter.ts";
import { root } from "./lib/commands.mjs";

let folder = "";
const at = (name: string): string => join(folder, name);
const bundle = join(root, "node_modules/.cache/elder-lab/evaluate.mjs");

const csv = ["Chile", "Peru", "Italy", "Spain", "Kenya", "Japan", "Egypt", "Norway", "Greece", "Poland"]
  .map((place) => `The capital of ${place} is,Berlin,${place} has the capital,The capital city of ${place} is,The cities of ${place} are`)
  .join("\n");

/** Llama's weights lie in files as they do in memory. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "evaluate-"));
  await mkdir(at("model"));
  await writeFile(at("model/config.json"), JSON.stringify(tinyConfig("llama")));
  const tensors = tinyTensors("llama").flatMap((tensor) => (tensor.format === "f32" ? [tensor] : []));
  await writeFile(at("model/model.safetensors"), writeSafetensors(tensors));
  await writeFile(at("model/tokenizer.json"), tinyTokenizerJson);
  await writeFile(at("model/tokenizer_config.json"), JSON.stringify(tinyTokenizerConfig));
  await writeFile(at("edits.csv"), `prompt,answer,rephrasings,held_out,same_subject\n${csv}\n`);
  // Bundles the program; it then runs as it does behind `npm run evaluate`.
  spawnSync(process.execPath, [join(root, "tools/run.mjs"), "evaluate", "--help"]);
});
afterAll(() => rm(folder, { recursive: true }));

const options = (out: string): string[] => {
  const [method, settings] = ["paper", ["steps=3", "learningRate=0.01", "hammingThreshold=3"].flatMap((own) => ["--set", own])];
  return ["--model", at("model"), "--edits", at("edits.csv"), "--method", method, "--every", "4", ...settings, "--json", at(out)];
};
const evaluate = (...args: string[]) => spawnSync(process.execPath, [bundle, ...args], { encoding: "utf8" });
/** For what ends at once: a software driver may crash while it is closed that soon after it was opened; asked once more then. */
const refused = (...args: string[]) => {
  const run = evaluate(...args);
  return run.signal === null ? run : evaluate(...args);
};
const text = (name: string): Promise<string> => readFile(at(name), "utf8");

/** Seven processes load a model, one after another. */
const LONG = { timeout: 300_000 };

test("killed midway and resumed, or sharded and merged, an evaluation writes the same bytes", LONG, async () => {
  const whole = evaluate(...options("whole.json"));
  expect(whole.status, whole.stderr).toBe(0);
  expect(whole.stdout).toContain("Greedy free decoding");
  expect(existsSync(at("whole.json.partial"))).toBe(false);

  const killed = spawn(process.execPath, [bundle, ...options("killed.json")], { stdio: "ignore" });
  const ended = new Promise((resolve) => killed.on("exit", (_code, signal) => resolve(signal)));
  while (!existsSync(at("killed.json.partial")) && killed.exitCode === null) await sleep(5);
  killed.kill("SIGKILL");
  expect(await ended).toBe("SIGKILL");
  expect(existsSync(at("killed.json"))).toBe(false);
  const resumed = evaluate(...options("killed.json"), "--resume");
  expect(resumed.status, resumed.stderr).toBe(0);
  expect(resumed.stderr).toMatch(/going on after [4-9] of 10 records/);
  expect(await text("killed.json")).toBe(await text("whole.json"));
  const timing = JSON.parse(await text("killed.timing.json")) as { runs: { edits: { seconds: number }[] }[] };
  expect(timing.runs[0]?.edits.filter(({ seconds }) => seconds > 0)).toHaveLength(10);

  for (const shard of ["1/2", "2/2"]) {
    const run = evaluate(...options(`shard${shard[0]}.json`), "--shard", shard);
    expect(run.status, run.stderr).toBe(0);
  }
  expect(await text("shard1.json")).not.toBe(await text("whole.json"));
  const merged = evaluate("--merge", at("merged.json"), at("shard2.json"), at("shard1.json"));
  expect(merged.status, merged.stderr).toBe(0);
  expect(await text("merged.json")).toBe(await text("whole.json"));
  expect(merged.stdout).toBe(whole.stdout);
});

test(
  "stopped in the second of two runs, it goes on from there; what was kept of other settings, or is broken, is refused",
  LONG,
  async () => {
    const two = [...options("two.json"), "--seed", "1,2"];
    const stopped = spawn(process.execPath, [bundle, ...two], { stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    stopped.stderr.on("data", (bytes: Buffer) => {
      said += bytes.toString();
      if (/seed 2: \d+ of 10 edits/.test(said)) stopped.kill("SIGTERM");
    });
    expect(await new Promise((resolve) => stopped.on("exit", resolve)), said).toBe(2);
    expect(said).toContain("--resume");
    const other = refused(...options("two.json"), "--seed", "3,2", "--resume");
    expect(other.status, `${other.signal} ${other.stderr}`).toBe(2);
    expect(other.stderr).toContain("bad-state");
    const bytes = await readFile(at("two.json.partial"));
    const broken = Buffer.from(bytes);
    broken.writeUInt8(broken.readUInt8(broken.length - 100) ^ 1, broken.length - 100);
    await writeFile(at("two.json.partial"), broken);
    expect(refused(...two, "--resume").stderr).toContain("checksum");
    await writeFile(at("two.json.partial"), bytes);
    const resumed = evaluate(...two, "--resume");
    expect(resumed.status, resumed.stderr).toBe(0);
    expect(resumed.stderr).not.toContain("seed 1:");
    const { results } = JSON.parse(await text("two.json")) as { results: { run: { seed: number }; edits: unknown[] }[] };
    expect(`${JSON.stringify(results[0])}\n`).toBe(await text("whole.json"));
    expect(results.map(({ run, edits }) => [run.seed, edits.length])).toEqual([
      [1, 10],
      [2, 10],
    ]);
  },
);
