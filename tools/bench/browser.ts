import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { isWanted } from "../../src/bench/run.ts";
import type { Missing, Section } from "../../src/bench/results.ts";
import type { BenchFlags } from "../bench.ts";
import { findChromium } from "../lib/chromium.mjs";

const PEERS = ["onnxruntime-web on the same bytes", "transformers.js on the same weights"];
/** Looked for from where the program was called: the bundle alone can be carried to a machine without a browser. */
const PROGRAM = resolve("tools/bench/chromium.mjs");

/** The peers that exist only in a browser, in a headless Chromium where one is found. */
export async function measureInBrowser(flags: BenchFlags): Promise<{ section?: Section; missing: Missing[] }> {
  const wanted = PEERS.filter((peer) => isWanted(flags.only, peer));
  const without = (reason: string) => ({ missing: wanted.map((suite) => ({ suite, reason })) });
  if (wanted.length === 0) return { missing: [] };
  if (!existsSync(PROGRAM)) return without("It needs a browser and the whole project, and this is the bundle alone.");
  if (findChromium() === undefined) return without("It needs a browser: no Chrome or Chromium was found; set CHROME_PATH to its program.");
  const folder = await mkdtemp(join(tmpdir(), "elder-bench-"));
  try {
    const out = join(folder, "section.json");
    console.error("peers in Chromium");
    const code = await runProgram([PROGRAM, JSON.stringify(flags), out]);
    if (code !== 0) return without(`The browser's part failed with exit code ${code}; its message is above.`);
    return { section: JSON.parse(await readFile(out, "utf8")) as Section, missing: [] };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function runProgram(args: readonly string[]): Promise<number> {
  return new Promise((done) => {
    const child = spawn(process.execPath, args, { stdio: ["ignore", "inherit", "inherit"] });
    child.on("error", () => done(1));
    child.on("exit", (code) => done(code ?? 1));
  });
}
