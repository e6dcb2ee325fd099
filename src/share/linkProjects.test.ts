import { expect, test } from "vitest";
import { createLab } from "../store/lab.ts";
import type { Lab } from "../store/lab.ts";
import { currentOf } from "../store/projectsSlice.ts";
import { createFakeEngine } from "../store/testing/fakeEngine.ts";
import type { FakeEngine } from "../store/testing/fakeEngine.ts";
import { fakeOrigin } from "../store/testing/fakeProjects.ts";
import type { FakeOrigin } from "../store/testing/fakeProjects.ts";
import { encodeLink } from "./linkCodec.ts";
import { createLinkProjects } from "./linkProjects.ts";
import { createLinkOpener } from "./openLink.ts";
import type { LinkOpener } from "./openLink.ts";
import { plainState } from "./testing/anyState.ts";

const edits = [
  { prompt: "The capital of Germany is", answer: "Bonn", rephrasings: ["Germany's capital is"] },
  { prompt: "The capital of Italy is", answer: "Turin", rephrasings: [] },
  { prompt: "The capital of Spain is", answer: "Cadiz", rephrasings: [] },
];

/** A browser: what its pages keep. */
function browser() {
  const texts = new Map<string, string>();
  const storage = { getItem: (key: string) => texts.get(key) ?? null, setItem: (key: string, text: string) => void texts.set(key, text) };
  return { origin: fakeOrigin(), storage, texts };
}

function page({ origin, storage }: ReturnType<typeof browser>, engine?: FakeEngine): { lab: Lab; opener: LinkOpener } {
  origin.writer = null;
  const lab = createLab(engine ?? createFakeEngine(undefined, origin), (path) => path);
  return { lab, opener: createLinkOpener(lab, createLinkProjects(storage)) };
}

/** The engine of a page that is closed while its second edit trains. */
const closing = (origin: FakeOrigin): FakeEngine =>
  createFakeEngine(async (kind) => {
    if (kind === "edit" && origin.projects[0]?.edits.length === 1) await new Promise(() => {});
  }, origin);

const answers = ({ store }: Lab): readonly string[] => store.getState().edit.edits.map(({ answer }) => answer);

test("a link that is opened again finds the project that it became, as it was left", async () => {
  const own = browser();
  const link = await encodeLink({ ...plainState, edits });
  const first = page(own);
  await first.opener.open(link);
  expect(first.lab.store.getState().link).toMatchObject({ status: "done" });
  await first.lab.actions.forgetEdit(2);

  const second = page(own);
  await second.opener.open(link);
  expect(second.lab.store.getState()).toMatchObject({ link: { status: "found" }, projects: { facts: { list: { length: 1 } } } });
  expect(answers(second.lab)).toEqual(["Bonn", "Cadiz"]);

  await second.opener.afresh();
  expect(second.lab.store.getState()).toMatchObject({ link: { status: "done" }, projects: { facts: { list: { length: 2 } } } });
  expect(answers(second.lab)).toEqual(["Bonn", "Turin", "Cadiz"]);
  const latest = currentOf(second.lab.store.getState().projects)?.id;

  const third = page(own);
  await third.opener.open(link);
  expect(currentOf(third.lab.store.getState().projects)?.id, "the newest of them").toBe(latest);
});

test("one that was left half way goes on after its last edit", async () => {
  const own = browser();
  const link = await encodeLink({ ...plainState, edits });
  const first = page(own, closing(own.origin));
  void first.opener.open(link);
  await expect.poll(() => first.lab.store.getState().link.done).toBeGreaterThan(0);

  const second = page(own);
  await second.opener.open(link);
  expect(second.lab.store.getState()).toMatchObject({ link: { status: "done", done: 3 }, projects: { facts: { list: { length: 1 } } } });
  expect(answers(second.lab)).toEqual(["Bonn", "Turin", "Cadiz"]);
});

test("another link, one whose project was removed, and a browser that remembers nothing make a project of their own", async () => {
  const own = browser();
  const link = await encodeLink({ ...plainState, edits });
  await page(own).opener.open(link);
  const other = page(own);
  await other.opener.open(await encodeLink({ ...plainState, edits: edits.slice(1) }));
  const all = other.lab.store.getState().projects.facts?.list;
  expect(all).toHaveLength(2);
  await other.lab.actions.removeProject(all?.[1]?.id ?? "");
  const third = page(own);
  await third.opener.open(link);
  expect(third.lab.store.getState()).toMatchObject({ link: { status: "done" }, projects: { facts: { list: { length: 3 } } } });

  for (const said of ["{", "{}", '[null, 1, {"link": 1}]']) {
    own.texts.forEach((_, key) => own.texts.set(key, said));
    const next = page(own);
    await next.opener.open(link);
    expect(next.lab.store.getState().link.status).toBe("done");
  }
});
