/** Keeps what was found, so that it can be looked at and made a test. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Finding } from "./runTarget.ts";

const FOLDER = "build/fuzz";

/** @returns the folder of each finding: its files, and what is wrong with them */
export async function keepFindings(findings: readonly Finding[], seed: number): Promise<string[]> {
  const folders: string[] = [];
  for (const [at, { target, index, fault, detail, input }] of findings.entries()) {
    const folder = join(FOLDER, `${target}-${seed}-${index < 0 ? `given-${at}` : index}`);
    await mkdir(folder, { recursive: true });
    for (const [name, bytes] of input) await writeFile(join(folder, fileNameOf(name)), bytes);
    await writeFile(join(folder, "finding.txt"), `${target}, seed ${seed}, mutant ${index}: ${fault}\n${detail}\n`);
    folders.push(folder);
  }
  return folders;
}

const fileNameOf = (name: string): string => (name === "" ? "input" : name.replaceAll(/[^\w.-]/g, "_").slice(0, 100));
