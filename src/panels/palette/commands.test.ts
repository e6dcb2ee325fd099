import { describe, expect, test, vi } from "vitest";
import { patch } from "../../store/labStore.ts";
import { createFakeEngine } from "../../store/testing/fakeEngine.ts";
import { heldEngine, openLab } from "../../store/testing/openLab.ts";
import { de } from "../../texts/de/index.ts";
import { en } from "../../texts/en/index.ts";
import { guideTasks } from "../guide/guideTasks.ts";
import { standingOf } from "./command.ts";
import type { Command } from "./command.ts";
import { commands } from "./commands/commands.ts";
import { lessonCommands } from "./commands/lessonCommands.ts";
import { filterCommands } from "./filterCommands.ts";
import { keyNames, matchesKeys } from "./keys.ts";

const all = [...commands, ...lessonCommands];
const of = (id: string): Command => {
  const command = commands.find((each) => each.id === id);
  if (!command) throw new Error(`no command ${id}`);
  return command;
};

describe("the list of commands", () => {
  test("no two have the same id, name or key", () => {
    for (const texts of [en, de]) expect(new Set(all.map(({ name }) => name(texts))).size).toBe(all.length);
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    const keys = all.flatMap((command) => command.keys ?? []);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test("the guide points at commands that there are", () => {
    const ids = new Set(commands.map(({ id }) => id));
    expect(Object.values(guideTasks).flatMap((task) => task.commands.filter((id) => !ids.has(id)))).toEqual([]);
  });

  test("each way to a panel is named by the panel", () => {
    for (const place of Object.values(en.regions)) expect(all.map(({ name }) => name(en))).toContain(`Go to ${place}`);
  });
});

describe("running a command", () => {
  test("does what the button does", async () => {
    const lab = await openLab(createFakeEngine());
    expect(standingOf(of("generate"), lab.store.getState())).toBe("now");
    of("generate").run(lab);
    await vi.waitFor(() => expect(lab.store.getState().answers.edited.status).toBe("done"));
    of("sampled").run(lab);
    expect(lab.store.getState().prompt.options.decoding).toBe("sampled");
    expect(standingOf(of("sampled"), lab.store.getState())).toBe("not-now");
    of("share").run(lab);
    expect(lab.store.getState().link.sharing).toBe(true);
  });

  test("what is under way can be stopped, and nothing else begun", async () => {
    const { engine, release } = heldEngine("generate");
    const lab = await openLab(engine);
    expect(standingOf(of("stop"), lab.store.getState())).toBe("not-now");
    of("generate").run(lab);
    expect(standingOf(of("stop"), lab.store.getState())).toBe("now");
    expect(standingOf(of("generate"), lab.store.getState())).toBe("not-now");
    of("stop").run(lab);
    release();
    await vi.waitFor(() => expect(lab.store.getState().answers.edited.status).toBe("cancelled"));
  });

  test("an edit needs a prompt and an answer", async () => {
    const lab = await openLab(createFakeEngine());
    expect(standingOf(of("train"), lab.store.getState())).toBe("not-now");
    lab.actions.setForm({ prompt: "The capital of France is", answer: "Rome" });
    of("train").run(lab);
    await vi.waitFor(() => expect(lab.store.getState().edit.edits).toHaveLength(1));
  });

  test("what a link hides or locks goes with its commands", async () => {
    const lab = await openLab(createFakeEngine());
    patch(lab.store, "link", { hidden: ["prompt"], locked: ["model"] });
    const state = lab.store.getState();
    expect(standingOf(of("generate"), state)).toBe("absent");
    expect(standingOf(of("change-model"), state)).toBe("not-now");
    of("unlock").run(lab);
    expect(standingOf(of("generate"), lab.store.getState())).toBe("now");
  });

  test("before there is a model most of them wait", () => {
    const waiting = new Set(["generate", "compare", "share", "mixture-settings", "raise-threshold"]);
    const engine = createFakeEngine();
    return openLab(engine).then((lab) => {
      patch(lab.store, "model", { status: "loading", facts: null });
      for (const id of waiting) expect(standingOf(of(id), lab.store.getState()), id).toBe("not-now");
      expect(standingOf(of("cancel-load"), lab.store.getState())).toBe("now");
    });
  });
});

describe("typing", () => {
  const named = (texts: typeof en | typeof de) =>
    all.map(({ id, name, group }) => ({ id, name: name(texts), group: texts.palette.groups[group] }));
  const found = (typed: string, texts: typeof en | typeof de = en): string[] => filterCommands(named(texts), typed).map(({ id }) => id);

  test("nothing typed leaves all in their order", () => expect(found("  ")).toEqual(all.map(({ id }) => id)));
  test("the begin of a name comes first, every word counts", () => {
    expect(found("gen")[0]).toBe("generate");
    expect(found("dark theme")).toEqual(["theme-dark"]);
    expect(found("go rout")).toEqual(["go-routing"]);
    expect(found("xyzzy")).toEqual([]);
  });
  test("accents and case do not matter", () => expect(found("ANDERUNG", de)).toContain("train"));
});

describe("keys", () => {
  const press = (key: string, held: Partial<KeyboardEvent> = {}) => ({
    key,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    shiftKey: false,
    ...held,
  });

  test("Ctrl stands for ⌘ on a Mac, and not for it elsewhere", () => {
    expect(matchesKeys(press("k", { ctrlKey: true }), "Mod+K", false)).toBe(true);
    expect(matchesKeys(press("k", { ctrlKey: true }), "Mod+K", true)).toBe(false);
    expect(matchesKeys(press("k", { metaKey: true }), "Mod+K", true)).toBe(true);
    expect(matchesKeys(press("k"), "Mod+K", false)).toBe(false);
    expect(matchesKeys(press("k", { ctrlKey: true, altKey: true }), "Mod+K", false)).toBe(false);
  });
  test("Shift counts, but not for signs that some keyboards have behind it", () => {
    expect(matchesKeys(press("Enter", { ctrlKey: true, shiftKey: true }), "Mod+Enter", false)).toBe(false);
    expect(matchesKeys(press("Enter", { ctrlKey: true, shiftKey: true }), "Mod+Shift+Enter", false)).toBe(true);
    expect(matchesKeys(press("/", { ctrlKey: true, shiftKey: true }), "Mod+/", false)).toBe(true);
  });
  test("they are named as on the person's keyboard", () => {
    expect(keyNames("Mod+Shift+Enter", de.palette.keyNames, false)).toEqual(["Strg", "Umschalt", "Eingabe"]);
    expect(keyNames("Mod+K", en.palette.keyNames, true)).toEqual(["⌘", "K"]);
  });
});
