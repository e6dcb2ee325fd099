/** What one input makes of a parser, and whether that may be. */
import { getHeapStatistics } from "node:v8";
import { EngineError, type ErrorCode } from "../../src/lib/errors.ts";
import { collectGarbage } from "./collectGarbage.ts";
import { sizeOf, type FuzzTarget, type Input } from "./target.ts";

export type Fault = "untyped error" | "foreign code" | "poor message" | "bad accept" | "too slow" | "too much memory" | "changed prototype";

export interface Verdict {
  /** Of the refusal; undefined where the input was accepted. */
  readonly code: ErrorCode | undefined;
  readonly message: string;
  readonly fault: Fault | undefined;
  readonly detail: string;
  /** By the clock: on a busy machine more than it took. */
  readonly milliseconds: number;
  /** Heap and buffers taken while it ran, garbage included where none was collected, bytes. */
  readonly allocated: number;
}

const MOST_MILLISECONDS = 200;
/** What every call may take besides four times its input: tables, messages, garbage. */
const FREE_BYTES = 8 * 2 ** 20;
const LONGEST_MESSAGE = 1200;

const mostBytes = (input: Input): number => 4 * sizeOf(input) + FREE_BYTES;

const heldBytes = (): number => {
  const { used_heap_size: heap, external_memory: external } = getHeapStatistics();
  return heap + external;
};

interface Outcome {
  readonly read: unknown;
  readonly thrown: unknown;
  readonly accepted: boolean;
}

async function attempt(target: FuzzTarget, input: Input): Promise<Outcome> {
  try {
    const given = target.read(input);
    return { read: given instanceof Promise ? await given : given, thrown: undefined, accepted: true };
  } catch (thrown) {
    return { read: undefined, thrown, accepted: false };
  }
}

/** Prototypes that every object and list has. */
const shared: readonly object[] = [Object.prototype, Array.prototype, Function.prototype, String.prototype];
const before = shared.map((each) => Reflect.ownKeys(each));

/** @returns the names that came to be there, which are removed again */
function newInPrototypes(): string[] {
  return shared.flatMap((each, at) => {
    const keys = Reflect.ownKeys(each);
    if (keys.length === before[at]?.length) return [];
    const added = keys.filter((key) => !before[at]?.includes(key));
    for (const key of added) Reflect.deleteProperty(each, key);
    return added.map(String);
  });
}

export async function judge(target: FuzzTarget, input: Input): Promise<Verdict> {
  const held = heldBytes();
  const began = performance.now();
  const outcome = await attempt(target, input);
  const milliseconds = performance.now() - began;
  const allocated = Math.max(0, heldBytes() - held);
  const [fault, detail] = (await faultOf(target, input, outcome)) ?? (await costOf(target, input, milliseconds, allocated)) ?? [];
  const { thrown } = outcome;
  const code = thrown instanceof EngineError ? thrown.code : undefined;
  const message = thrown instanceof Error ? thrown.message : "";
  return { code, message, fault, detail: detail ?? "", milliseconds, allocated };
}

type Found = readonly [Fault, string];

async function faultOf(target: FuzzTarget, input: Input, { read, thrown, accepted }: Outcome): Promise<Found | undefined> {
  const added = newInPrototypes();
  if (added.length > 0) return ["changed prototype", added.join(", ")];
  if (accepted) {
    const wrong = await checked(target, input, read);
    return wrong === undefined ? undefined : ["bad accept", wrong];
  }
  if (!(thrown instanceof EngineError)) return ["untyped error", stackOf(thrown)];
  if (!target.codes.includes(thrown.code)) return ["foreign code", `${thrown.code}: ${thrown.message.slice(0, 200)}`];
  if (thrown.message.length > LONGEST_MESSAGE || thrown.message === "" || thrown.hint === "")
    return ["poor message", `${thrown.message.length} characters: ${thrown.message.slice(0, 200)}`];
  return undefined;
}

/** What was accepted and cannot even be looked at is wrong too. */
async function checked(target: FuzzTarget, input: Input, read: unknown): Promise<string | undefined> {
  try {
    return await target.check(input, read);
  } catch (thrown) {
    return stackOf(thrown);
  }
}

const stackOf = (thrown: unknown): string =>
  thrown instanceof Error ? (thrown.stack ?? thrown.message).split("\n").slice(0, 4).join(" | ").slice(0, 600) : `thrown ${String(thrown)}`;

/** Machines hiccup: only what is so three times is so. */
async function costOf(target: FuzzTarget, input: Input, milliseconds: number, allocated: number): Promise<Found | undefined> {
  if (milliseconds > MOST_MILLISECONDS) {
    const [first, second] = [await processorTime(target, input), await processorTime(target, input)];
    const least = Math.min(first, second);
    if (least > MOST_MILLISECONDS) return ["too slow", `${least.toFixed(0)} ms of the processor`];
  }
  if (allocated > mostBytes(input)) {
    const least = Math.min(await allocatedBy(target, input), await allocatedBy(target, input));
    if (least > mostBytes(input)) return ["too much memory", `${least} bytes for an input of ${sizeOf(input)}`];
  }
  return undefined;
}

/** Milliseconds, of all threads. */
async function processorTime(target: FuzzTarget, input: Input): Promise<number> {
  const began = process.cpuUsage();
  await attempt(target, input);
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1000;
}

/** From a heap without garbage: what is collected meanwhile would hide what is taken. */
async function allocatedBy(target: FuzzTarget, input: Input): Promise<number> {
  collectGarbage();
  const held = heldBytes();
  await attempt(target, input);
  return Math.max(0, heldBytes() - held);
}

/** What stays of one reading while its result is kept, bytes. */
export async function retainedBy(target: FuzzTarget, input: Input): Promise<number> {
  const kept: Outcome[] = [];
  collectGarbage();
  const held = heldBytes();
  kept.push(await attempt(target, input));
  collectGarbage();
  const retained = Math.max(0, heldBytes() - held);
  kept.length = 0;
  return retained;
}
