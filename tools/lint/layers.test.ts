import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { programOf, root } from "../lib/commands.mjs";
import { wrongImport } from "./layers.mjs";

/** A house with the real linter settings and one file in it, so that nothing is planted in this one. */
describe("the linter itself", () => {
  let house = "";
  beforeAll(() => {
    house = realpathSync(mkdtempSync(join(tmpdir(), "elder-lab-")));
    symlinkSync(join(root, "node_modules"), join(house, "node_modules"), "junction");
    for (const path of [".oxlintrc.json", "tsconfig.json", "tools/lint/layers.mjs"]) cpSync(join(root, path), join(house, path));
  });
  afterAll(() => rmSync(house, { recursive: true, force: true }));

  function lint(path: string, code: string): string {
    const file = join(house, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, code);
    const result = spawnSync(process.execPath, [programOf("oxlint"), path], { cwd: house, encoding: "utf8" });
    rmSync(file);
    return `exit ${result.status}\n${result.stdout}${result.stderr}`.replaceAll(/[\s|:]+/g, " ");
  }

  test("fails on a forbidden import and says what to do", () => {
    const said = lint("src/model/planted.ts", 'import { mixture } from "../mixture/mixture.ts";\n\nmixture();\n');
    expect(said).toMatch(/^exit 1 .*src\/model may not import src\/mixture imports point down/);
    expect(said).toContain("Move the shared part into the lower folder, or pass it in as an argument.");
  });

  test("passes an import that points down", () => {
    expect(lint("src/mixture/planted.ts", 'import { model } from "../model/model.ts";\n\nmodel();\n')).toMatch(/^exit 0/);
  });

  test("fails on window below the engine's client", () => {
    const said = lint("src/gpu/planted.ts", "window.alert(1);\n");
    expect(said).toMatch(/^exit 1 .*The engine runs in a worker and headless there is no window\./);
  });

  test("fails on a default export", () => {
    expect(lint("src/gpu/planted.ts", "export default 1;\n")).toMatch(/^exit 1 .*no-default-export/);
  });
});

describe("the import table", () => {
  test.each([
    ["src/panels/edit/EditPanel.tsx", "../../store/lab.ts"],
    ["src/panels/edit/EditPanel.tsx", "../model/ModelPanel.tsx"],
    ["src/store/lab.ts", "../engine/client.ts"],
    ["src/engine/session.ts", "../editing/trainer.ts"],
    ["src/kernels/norm.ts", "../../shaders/norm.wgsl?raw"],
    ["src/kernels/norm.test.ts", "../../tools/lib/dawn.ts"],
    ["src/charts/LossCurve.tsx", "recharts"],
    ["src/charts/LossCurve.tsx", "../lib/format.ts"],
    ["src/main.tsx", "./app/App.tsx"],
    ["tools/reference.ts", "../src/model/forward.ts"],
  ])("%s may import %s", (file, source) => {
    expect(wrongImport(file, source)).toBeUndefined();
  });

  test.each([
    ["src/lib/format.ts", "../gpu/device.ts", "imports point down"],
    ["src/ui/Button.tsx", "../store/lab.ts", "knows nothing of the domain"],
    ["src/charts/Heatmap.tsx", "../ui/Button.tsx", "knows nothing of the domain"],
    ["src/panels/edit/EditPanel.tsx", "../../model/forward.ts", "runs on the page's thread"],
    ["src/store/lab.ts", "../engine/session.ts", "runs on the page's thread"],
    ["src/engine/client.ts", "zustand", "stays in app, panels"],
    ["src/model/forward.ts", "../../shaders/norm.wgsl?raw", "shaders are declared in src/kernels"],
    ["src/lib/prng.ts", "../../tools/lib/dawn.ts", "only tests take from outside src"],
    ["src/lib/prng.ts", "../attic/old.ts", "not in the import table"],
  ])("%s may not import %s", (file, source, reason) => {
    expect(wrongImport(file, source)).toContain(reason);
  });
});
