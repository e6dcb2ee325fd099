import { persistStorage } from "../storageActions.ts";
import type { CallKind } from "../../engine/protocol.ts";
import { createLab } from "../lab.ts";
import type { Lab } from "../lab.ts";
import { createFakeEngine } from "./fakeEngine.ts";
import type { FakeEngine } from "./fakeEngine.ts";

/** An engine that stops before each event of the named kinds until it is let go on. */
export function heldEngine(...held: CallKind[]): { engine: FakeEngine; release: () => void } {
  let waiting: (() => void)[] = [];
  let open = false;
  const engine = createFakeEngine((kind) =>
    open || !held.includes(kind) ? Promise.resolve() : new Promise<void>((resolve) => waiting.push(resolve)),
  );
  const release = (): void => {
    open = true;
    for (const go of waiting) go();
    waiting = [];
  };
  return { engine, release };
}

/** @param readText what is served beside the page */
export async function openLab(engine: FakeEngine, readText?: (address: string) => Promise<string>): Promise<Lab> {
  const lab = createLab(engine, (path) => `https://lab.test/${path}`, persistStorage, readText);
  await lab.actions.boot();
  return lab;
}

export const draft = { prompt: "The capital of France is", answer: "Rome", rephrasings: "France's capital is" };

export async function trainOne(lab: Lab): Promise<void> {
  lab.actions.setForm(draft);
  await lab.actions.train();
}
