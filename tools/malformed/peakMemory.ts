/** The most memory that some work takes over what was held before it. */
import { readFileSync, writeFileSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
// The flag shows in contexts made after it.
const collectGarbage = runInNewContext("gc") as () => void;

/** Bytes, and whether the system counted them: its peak of the process's resident memory, or else the heap and buffers at the end. */
export interface Peak {
  readonly bytes: number;
  readonly resident: boolean;
}

export async function peakMemory(work: () => Promise<unknown>): Promise<Peak> {
  collectGarbage();
  const heap = heldBytes();
  const resident = resetResidentPeak() ? residentBytes("VmRSS") : undefined;
  await work();
  const growth = Math.max(0, heldBytes() - heap);
  if (resident === undefined) return { bytes: growth, resident: false };
  return { bytes: Math.max(growth, residentBytes("VmHWM") - resident), resident: true };
}

function heldBytes(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Linux alone: see proc(5). */
function resetResidentPeak(): boolean {
  try {
    writeFileSync("/proc/self/clear_refs", "5");
    return true;
  } catch {
    return false;
  }
}

function residentBytes(name: "VmRSS" | "VmHWM"): number {
  const [, kibibytes] = new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(readFileSync("/proc/self/status", "utf8")) ?? [];
  return 1024 * Number(kibibytes ?? 0);
}
