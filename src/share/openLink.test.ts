import { describe, expect, test, vi } from "vitest";
import { createLab } from "../store/lab.ts";
import type { Lab } from "../store/lab.ts";
import { createFakeEngine } from "../store/testing/fakeEngine.ts";
import type { FakeEngine } from "../store/testing/fakeEngine.ts";
import { heldEngine, openLab, trainOne } from "../store/testing/openLab.ts";
import { hasGaps, linkStateOf } from "./labLink.ts";
import type { ShareChoice } from "./labLink.ts";
import { encodeLink } from "./linkCodec.ts";
import type { LinkState } from "./linkState.ts";
import { createLinkProjects } from "./linkProjects.ts";
import { createLinkOpener } from "./openLink.ts";
import { plainState } from "./testing/anyState.ts";

const choice: ShareChoice = { view: null, lesson: null, hidden: [], locked: [] };
const closedLab = (engine: FakeEngine): Lab => createLab(engine, (path) => `https://lab.test/${path}`);

/** A lab with settings of its own and two edits. */
async function sender(): Promise<Lab> {
  const lab = await openLab(createFakeEngine());
  const settings = lab.store.getState().model.facts?.settings;
  if (settings) await lab.actions.applySettings({ ...settings, rank: 4, hammingThreshold: 3, seed: 9 });
  await trainOne(lab);
  lab.actions.setForm({ prompt: "The capital of Germany is", answer: "Bonn", rephrasings: "" });
  await lab.actions.train();
  lab.actions.setOptions({ maxTokens: 8 });
  await lab.actions.setStrength(1, 0.5);
  await lab.actions.switchEdit(2, false);
  return lab;
}

async function receiver(link: LinkState, engine = createFakeEngine()): Promise<Lab> {
  const lab = closedLab(engine);
  await createLinkOpener(lab, createLinkProjects(undefined)).open(await encodeLink(link));
  return lab;
}

test("a shared lab names only what differs, and opens as the same elsewhere", async () => {
  const first = await sender();
  const link = linkStateOf(first.store.getState(), {
    ...choice,
    hidden: ["device"],
    locked: ["threshold"],
    lesson: { id: "keys", step: 2 },
  });
  expect(link).toMatchObject({ settings: { rank: 4, hammingThreshold: 3 }, seed: 9, decoding: { maxTokens: 8 } });
  expect(Object.keys(link.settings)).toHaveLength(2);

  const second = await receiver(link);
  const [sent, got] = [first.store.getState(), second.store.getState()];
  expect(got.link).toMatchObject({ status: "done", done: 2, of: 2, outcome: { codes: "same", answers: "same" } });
  expect(got.model.facts?.settings).toEqual(sent.model.facts?.settings);
  expect(got.edit.edits.map(({ prompt, codes, answerAfter }) => ({ prompt, codes, answerAfter }))).toEqual(
    sent.edit.edits.map(({ prompt, codes, answerAfter }) => ({ prompt, codes, answerAfter })),
  );
  expect(got.edit.edits.map(({ on, strength }) => ({ on, strength }))).toEqual([
    { on: true, strength: 0.5 },
    { on: false, strength: 1 },
  ]);
  expect(got.prompt).toEqual(sent.prompt);
  expect(got.link).toMatchObject({ hidden: ["device"], locked: ["threshold"] });
  expect(got.lessons).toMatchObject({ open: true, at: { lesson: "keys", step: 2 } });
  // What is opened can be shared on.
  expect(linkStateOf(got, choice)).toEqual({ ...link, hidden: [], locked: [], lesson: null });
});

test("so does one that edits by improved mode, with its own threshold", async () => {
  const first = await openLab(createFakeEngine());
  await first.actions.chooseMethod("improved");
  await first.actions.setThreshold(0.75);
  await trainOne(first);
  const link = linkStateOf(first.store.getState(), choice);
  expect(link).toMatchObject({ method: "improved", settings: { threshold: 0.75 } });
  const second = await receiver(link);
  expect(second.store.getState().model.facts).toMatchObject({ method: "improved", threshold: 0.75 });
  expect(second.store.getState().edit.edits).toHaveLength(1);
});

test("what comes out otherwise is said", async () => {
  const link = linkStateOf((await sender()).store.getState(), choice);
  const other = await receiver({ ...link, expected: { codes: 1, answers: link.expected?.answers ?? 0 } });
  expect(other.store.getState().link.outcome).toEqual({ codes: "different", answers: "same" });
  const silent = await receiver({ ...link, expected: null });
  expect(silent.store.getState().link.outcome).toEqual({ codes: "unknown", answers: "unknown" });
});

describe("what stops a link", () => {
  test("a damaged one is reported, and the page opens as ever", async () => {
    const lab = closedLab(createFakeEngine());
    await createLinkOpener(lab, createLinkProjects(undefined)).open("#lab=1.AAAA");
    expect(lab.store.getState()).toMatchObject({ link: { status: "failed", error: { code: "bad-link" } }, model: { status: "ready" } });
  });

  test("another fragment is none", async () => {
    const lab = closedLab(createFakeEngine());
    await createLinkOpener(lab, createLinkProjects(undefined)).open("#evaluation");
    expect(lab.store.getState()).toMatchObject({ link: { status: "none" }, model: { status: "ready" } });
  });

  test("settings that the engine refuses", async () => {
    const engine = createFakeEngine();
    engine.failNext("configure", "bad-settings");
    const lab = await receiver({ ...plainState, seed: 5 }, engine);
    expect(lab.store.getState().link).toMatchObject({ status: "failed", error: { code: "bad-link" } });
    expect(lab.store.getState().link.error?.message).toContain("Made to fail");
  });

  test("an edit that cannot be written, with those before it in place", async () => {
    const edits = [
      { prompt: "The capital of Germany is", answer: "Bonn", rephrasings: [] },
      { prompt: "The capital of France is", answer: "Paris", rephrasings: [] },
    ];
    const lab = await receiver({ ...plainState, edits });
    expect(lab.store.getState().link).toMatchObject({ status: "failed", done: 1, of: 2 });
    expect(lab.store.getState().link.error?.message).toContain("France");
    expect(lab.store.getState().edit.edits).toHaveLength(1);
  });

  test("the person", async () => {
    const { engine, release } = heldEngine("edit");
    const lab = closedLab(engine);
    const opener = createLinkOpener(lab, createLinkProjects(undefined));
    const opening = opener.open(await encodeLink({ ...plainState, edits: [{ prompt: "P", answer: "A", rephrasings: [] }] }));
    await vi.waitFor(() => expect(lab.store.getState().queue.items[0]?.status).toBe("training"));
    opener.stop();
    release();
    await opening;
    expect(lab.store.getState()).toMatchObject({ link: { status: "stopped" }, edit: { edits: [] } });
  });
});

test("a model of the Hub is downloaded when the person says so", async () => {
  const engine = createFakeEngine();
  const model = { kind: "hub", id: "owner/name", revision: "abc123", precision: 4 } as const;
  const lab = closedLab(engine);
  const opener = createLinkOpener(lab, createLinkProjects(undefined));
  await opener.open(await encodeLink({ ...plainState, model, edits: [{ prompt: "P", answer: "A", rephrasings: [] }] }));
  expect(lab.store.getState().link).toMatchObject({ status: "asking", model: "owner/name" });
  expect(lab.store.getState().model.loaded?.source.kind).toBe("built-in");
  await opener.accept();
  expect(engine.lastParams("load")).toMatchObject({ source: { kind: "hub", id: "owner/name", revision: "abc123" }, precision: 4 });
  expect(lab.store.getState().link).toMatchObject({ status: "done" });
  expect(linkStateOf(lab.store.getState(), choice).model).toEqual(model);
});

test("a model that others cannot get cannot be shared", async () => {
  const lab = await openLab(createFakeEngine());
  await lab.actions.load({ source: { kind: "url", url: "https://x.test/m" }, from: "x", commit: null, precision: null, keep: false });
  expect(() => linkStateOf(lab.store.getState(), choice)).toThrow(expect.objectContaining({ code: "bad-link" }));
});

test("edits taken back leave gaps", () => {
  expect(hasGaps([{ id: 1 }, { id: 2 }])).toBe(false);
  expect(hasGaps([{ id: 1 }, { id: 3 }])).toBe(true);
});
