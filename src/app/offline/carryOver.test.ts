import { expect, test, vi } from "vitest";
import { decodeLink } from "../../share/linkCodec.ts";
import { createLinkProjects } from "../../share/linkProjects.ts";
import { createLinkOpener } from "../../share/openLink.ts";
import { createLab } from "../../store/lab.ts";
import { createFakeEngine } from "../../store/testing/fakeEngine.ts";
import { openLab, trainOne } from "../../store/testing/openLab.ts";
import { carriedOver, putForm, takeForm } from "./carryOver.ts";

const form = { prompt: "The capital of Spain is", answer: "Seville", rephrasings: "" };

test("edits go over a reload as a link", async () => {
  const lab = await openLab(createFakeEngine());
  expect(await carriedOver(lab.store.getState())).toBe("");
  await trainOne(lab);
  const fragment = (await carriedOver(lab.store.getState())) ?? "";
  expect((await decodeLink(fragment)).edits).toHaveLength(1);
  const next = createLab(createFakeEngine(), (path) => `https://lab.test/${path}`);
  await createLinkOpener(next, createLinkProjects(undefined)).open(fragment);
  expect(next.store.getState().edit.edits.map(({ prompt, answer }) => [prompt, answer])).toEqual(
    lab.store.getState().edit.edits.map(({ prompt, answer }) => [prompt, answer]),
  );
});

test("where something would be lost it says so", async () => {
  const lab = await openLab(createFakeEngine());
  await trainOne(lab);
  const state = lab.store.getState();
  const edits = state.edit.edits.map((edit) => ({ ...edit, id: 7 }));
  expect(await carriedOver({ ...state, edit: { ...state.edit, edits } })).toBeNull();
  const loaded = state.model.loaded && { ...state.model.loaded, source: { kind: "files", name: "own.gguf", count: 1 } as const };
  expect(await carriedOver({ ...state, model: { ...state.model, loaded } })).toBeNull();
});

test("a form is put by for one reload", () => {
  const kept = new Map<string, string>();
  vi.stubGlobal("sessionStorage", {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, text: string) => kept.set(key, text),
    removeItem: (key: string) => kept.delete(key),
  });
  putForm({ prompt: "", answer: "", rephrasings: "" });
  expect(takeForm()).toBeNull();
  putForm(form);
  expect(takeForm()).toEqual(form);
  expect(takeForm()).toBeNull();
  vi.unstubAllGlobals();
  expect(takeForm()).toBeNull();
});
