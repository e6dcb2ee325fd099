/** A third party's model in the page; see tools/smollm2/golden.py for where the file comes from. */
import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "./fixtures.ts";
import { ask, field, loadChecked, openChoice, openLab, region, takeScreens, trainEdit } from "./lab.ts";

interface Golden {
  readonly file: string;
  readonly prompts: readonly { readonly prompt: string; readonly text: string }[];
}
const golden = JSON.parse(readFileSync("tools/smollm2/golden.json", "utf8")) as Golden;
const path = process.env["ELDER_SMOLLM2"] ?? `build/smollm2/${golden.file}`;

const edit = {
  prompt: "The capital of France is",
  answer: "Lyon",
  rephrasings: ["France's capital city is called", "The city that is the capital of France is"],
};

test("SmolLM2-135M from its GGUF file: loaded, continued as transformers does, edited", async ({ page }) => {
  test.skip(!existsSync(path), `runs where ELDER_SMOLLM2 names ${golden.file}`);
  test.setTimeout(1_200_000);
  await openLab(page);
  const dialog = await openChoice(page);
  await dialog.locator("input[type=file]:not([webkitdirectory])").setInputFiles(path);
  await expect(dialog.getByText("llama", { exact: true })).toBeVisible();
  await dialog.getByRole("checkbox", { name: "Keep in this browser" }).check();
  await loadChecked(page);
  await expect(region(page, "Model")).toContainText("int4m, groups of 32");

  await field(page, "Max tokens").fill("12");
  const known = golden.prompts[1] ?? { prompt: "", text: "" };
  const text = await ask(page, known.prompt);
  expect(text.split(" ").length).toBeGreaterThan(5);
  expect(known.text.trim().startsWith(text)).toBe(true);

  const unrelated = "To bake bread you need";
  const before = await ask(page, unrelated);
  await trainEdit(page, edit);
  expect(await ask(page, "France's capital city is called")).toMatch(/^Lyon\b/);
  expect(await ask(page, unrelated)).toBe(before);
  await takeScreens(page, "smollm2", async (file) => void (await page.screenshot({ path: `${file}.png`, fullPage: true })));
});
