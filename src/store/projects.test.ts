import { describe, expect, test } from "vitest";
import { createFakeEngine } from "./testing/fakeEngine.ts";
import { fakeOrigin } from "./testing/fakeProjects.ts";
import { createLab } from "./lab.ts";
import type { Lab } from "./lab.ts";
import { currentOf, readRequest, safetyOf, sameModel } from "./projectsSlice.ts";
import { builtIn } from "./sourceRef.ts";

const page = (origin = fakeOrigin()): Lab => createLab(createFakeEngine(undefined, origin), (path) => path);
const safety = ({ store }: Lab) => safetyOf(store.getState().projects, store.getState().edit.edits.length);
const edit = async ({ actions }: Lab, answer = "Lyon"): Promise<void> => {
  actions.setForm({ prompt: "The capital of France is", answer });
  await actions.train();
};

describe("what is done on the page", () => {
  test("is kept from the first edit on, and is there again at the next visit, with its model", async () => {
    const origin = fakeOrigin();
    const first = page(origin);
    await first.actions.boot();
    expect(safety(first)).toBe("empty");
    await first.actions.load(builtIn("int4"));
    await edit(first);
    expect(safety(first)).toBe("saved");
    expect(currentOf(first.store.getState().projects)).toMatchObject({ about: { edits: 1, request: builtIn("int4") } });

    origin.writer = null;
    const second = page(origin);
    await second.actions.boot();
    const { model, edit: edits, projects } = second.store.getState();
    expect(model.loaded).toEqual(builtIn("int4"));
    expect(edits.edits).toMatchObject([{ answer: "Lyon" }]);
    expect(projects).toMatchObject({ waiting: null, error: null, work: "none" });
    expect(safety(second)).toBe("saved");
  });

  test("is not brought back where the page is opened for something else", async () => {
    const origin = fakeOrigin();
    const first = page(origin);
    await first.actions.boot();
    await edit(first);
    origin.writer = null;
    const second = page(origin);
    await second.actions.boot(true);
    expect(second.store.getState().edit.edits).toEqual([]);
    await edit(second, "Nice");
    expect(second.store.getState().projects.facts?.list).toHaveLength(2);
  });

  test("is not kept while another page does; taking over, edits made meanwhile become a project of their own", async () => {
    const origin = fakeOrigin();
    const first = page(origin);
    await first.actions.boot();
    await edit(first);
    const second = page(origin);
    await second.actions.boot();
    expect(second.store.getState().projects.facts).toMatchObject({ role: "reader", problem: { code: "storage-busy" } });
    await edit(second, "Nice");
    expect(safety(second)).toBe("unsaved");
    await second.actions.takeOver();
    expect(safety(second)).toBe("saved");
    expect(second.store.getState().projects.facts?.list).toHaveLength(2);
    expect(second.store.getState().edit.edits).toMatchObject([{ answer: "Nice" }]);
  });

  test("a page without edits that takes over goes on with the other's", async () => {
    const origin = fakeOrigin();
    const first = page(origin);
    await first.actions.boot();
    await edit(first);
    const second = page(origin);
    await second.actions.boot();
    await second.actions.takeOver();
    expect(second.store.getState().edit.edits).toMatchObject([{ answer: "Lyon" }]);
  });
});

describe("a disk without room", () => {
  test("leaves the edits here, not saved, until there is room and they are saved again", async () => {
    const origin = fakeOrigin();
    const lab = page(origin);
    await lab.actions.boot();
    origin.full = true;
    await edit(lab);
    expect(safety(lab)).toBe("unsaved");
    await lab.actions.saveAgain();
    expect(safety(lab)).toBe("unsaved");
    expect(lab.store.getState()).toMatchObject({ edit: { edits: [{ answer: "Lyon" }] }, projects: { work: "none" } });
    origin.full = false;
    await lab.actions.saveAgain();
    expect(safety(lab)).toBe("saved");
  });

  test("takes nothing from a page that takes over", async () => {
    const origin = fakeOrigin();
    const first = page(origin);
    await first.actions.boot();
    await edit(first);
    const second = page(origin);
    await second.actions.boot();
    await edit(second, "Nice");
    origin.full = true;
    await second.actions.takeOver();
    expect(second.store.getState().edit.edits).toMatchObject([{ answer: "Nice" }]);
    expect(safety(second)).toBe("unsaved");
  });
});

describe("projects", () => {
  test("are begun, opened again, renamed, copied, removed and brought back", async () => {
    const lab = page();
    await lab.actions.boot();
    await edit(lab);
    const one = currentOf(lab.store.getState().projects)?.id ?? "";
    await lab.actions.newProject("Second");
    expect(lab.store.getState().edit.edits).toEqual([]);
    await lab.actions.renameProject(one, "First");
    await lab.actions.duplicateProject(one, "Copy");
    await lab.actions.removeProject(one);
    const named = () => lab.store.getState().projects.facts?.list.map(({ name, deleted }) => (deleted === null ? name : `(${name})`));
    expect(named()).toEqual(["Copy", "Second", "(First)"]);
    await lab.actions.restoreProject(one);
    expect(await lab.actions.openProject(one)).toBe(true);
    expect(lab.store.getState().edit.edits).toHaveLength(1);
    expect(currentOf(lab.store.getState().projects)?.name).toBe("First");
  });

  test("go out as a file and come in again", async () => {
    const lab = page();
    await lab.actions.boot();
    await edit(lab);
    const file = await lab.actions.exportProject(null);
    expect(file?.bytes.length).toBeGreaterThan(10);
    const other = page();
    await other.actions.boot();
    await other.actions.importProject(new File([file?.bytes ?? ""], "mine.elder"));
    expect(other.store.getState().edit.edits).toMatchObject([{ answer: "Lyon" }]);
    expect(currentOf(other.store.getState().projects)?.name).toBe("mine");
    await other.actions.importProject(new File(["<html>"], "page.html"));
    expect(other.store.getState().projects).toMatchObject({ work: "none", error: { code: "bad-project" } });
    expect(other.store.getState().edit.edits).toHaveLength(1);
  });

  test("come from files of adapters too; of several one is asked for, or none is taken", async () => {
    const lab = page();
    await lab.actions.boot();
    await edit(lab);
    const bytes = (await lab.actions.exportProject(null))?.bytes ?? "";
    const projects = () => lab.store.getState().projects;
    await lab.actions.importAdapters([new File([bytes], "mix.safetensors")]);
    expect(currentOf(projects())?.name).toBe("mix");
    const two = [new File([bytes], "a.zip"), new File([bytes], "b.zip")];
    await lab.actions.importAdapters(two);
    expect(projects()).toMatchObject({ work: "none", choice: { folders: ["one", "two"] } });
    await lab.actions.chooseAdapter(null);
    expect(projects().choice).toBeNull();
    await lab.actions.importAdapters(two);
    await lab.actions.chooseAdapter("two");
    expect(projects().choice).toBeNull();
    expect(currentOf(projects())?.name).toBe("two");
    await lab.actions.importAdapters([new File(["<html>"], "page.html")]);
    expect(projects()).toMatchObject({ work: "none", error: { code: "bad-project" } });
    expect(currentOf(projects())?.name).toBe("two");
  });

  test("whose model's files have to be picked again wait for them", async () => {
    const engine = createFakeEngine();
    const lab = createLab(engine, (path) => path);
    await lab.actions.boot();
    await edit(lab);
    const [own] = lab.store.getState().projects.facts?.list ?? [];
    if (!own) throw new Error("no project");
    const request = { ...builtIn("int8"), source: { kind: "files", name: "mine", count: 2 }, from: "mine" } as const;
    lab.store.setState(({ projects, ...rest }) => ({
      ...rest,
      projects: {
        ...projects,
        facts: projects.facts && { ...projects.facts, list: [{ ...own, about: { model: "Mine", edits: 1, request } }] },
      },
    }));
    expect(await lab.actions.openProject(own.id)).toBe(false);
    expect(lab.store.getState().projects.waiting).toEqual({ id: own.id, name: own.name, model: "Mine" });
    await lab.actions.load(request);
    expect(lab.store.getState().projects.waiting).toBeNull();
    expect(lab.store.getState().edit.edits).toHaveLength(1);
  });

  test("that cannot be opened say why, and what is there stays", async () => {
    const engine = createFakeEngine();
    const lab = createLab(engine, (path) => path);
    await lab.actions.boot();
    await edit(lab);
    engine.failNext("openProject", "bad-state");
    expect(await lab.actions.openProject("p1")).toBe(false);
    expect(lab.store.getState().projects).toMatchObject({ work: "none", error: { code: "bad-state" } });
    expect(lab.store.getState().edit.edits).toHaveLength(1);
  });
});

test("a request out of a file is taken where it is one, and nothing else", () => {
  const hub = { source: { kind: "hub", id: "a/b", file: "x.gguf" }, from: "a/b", commit: "abc", precision: 4, keep: true } as const;
  expect(readRequest(JSON.parse(JSON.stringify(hub)))).toEqual(hub);
  expect(readRequest({ ...builtIn("int8") })).toEqual(builtIn("int8"));
  const wrong = [
    null,
    "x",
    {},
    { ...hub, precision: 3 },
    { ...hub, keep: 1 },
    { ...hub, source: { kind: "hub", id: 5 } },
    { ...hub, source: { kind: "url", url: "javascript:alert(1)" } },
    { ...hub, source: { kind: "built-in", variant: "int9" } },
    { ...hub, source: { kind: "elsewhere" } },
  ];
  for (const value of wrong) expect(readRequest(value)).toBeNull();
  expect(sameModel(hub, { ...hub, keep: false })).toBe(true);
  expect(sameModel(hub, builtIn("int8"))).toBe(false);
});
