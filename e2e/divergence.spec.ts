import type { Page } from "@playwright/test";
import { expectAccessible } from "./accessible.ts";
import { expect, test } from "./fixtures.ts";
import { ask, button, field, openLab, region, savedMark, startEdit, trainEdit } from "./lab.ts";

const lyon = { prompt: "The capital of France is", answer: "Lyon", rephrasings: ["France's capital is"] };
const iron = { prompt: "The chemical symbol of iron is", answer: "Zz", rephrasings: [] };
/** Adam's rate as it stands among the numbers that a step is given. */
const RATE = 4e-4;

/** From now on each training gets one number that is none, in its sixth step: by then parameters have changed. @param value null: no more */
async function poison(page: Page, value: number | null): Promise<void> {
  for (const worker of page.workers())
    await worker.evaluate(
      ({ rate, given }) => {
        const scope = globalThis as unknown as { GPUQueue?: { prototype: { writeBuffer: (...args: unknown[]) => void } }; plain?: unknown };
        if (!scope.GPUQueue) return;
        const queue = scope.GPUQueue.prototype;
        scope.plain ??= queue.writeBuffer;
        const plain = scope.plain as typeof queue.writeBuffer;
        let steps = 0;
        queue.writeBuffer = function (this: unknown, ...args: unknown[]) {
          const data = args[2] as ArrayBuffer | ArrayBufferView;
          const own = (data instanceof ArrayBuffer ? data : data.buffer) as ArrayBuffer;
          const words = new Float32Array(own.byteLength > 256 || own.byteLength % 4 > 0 ? [] : own.slice(0));
          const at = words.indexOf(Math.fround(rate));
          if (at < 0 || given === null || (steps += 1) !== 6) return plain.apply(this, args);
          words[at] = given === "NaN" ? Number.NaN : Number.POSITIVE_INFINITY;
          steps = 0;
          plain.call(this, args[0], args[1], words.buffer);
        };
      },
      { rate: RATE, given: value === null ? null : String(value) },
    );
}

test("training that comes to numbers that are none changes nothing, says so, and the next edit goes on", async ({ page }) => {
  await openLab(page);
  await trainEdit(page, lyon);
  const answered = await ask(page, lyon.prompt);
  const edit = region(page, "Edit");
  const list = region(page, "Edits").getByRole("listitem", { name: /^Edit \d+$/ });
  const asBefore = async (): Promise<void> => {
    await expect(list).toHaveCount(1);
    expect(await ask(page, lyon.prompt)).toBe(answered);
    await expect(savedMark(page)).toBeVisible();
  };

  await test.step("in the form", async () => {
    await poison(page, Number.NaN);
    await startEdit(page, iron);
    const said = edit.getByRole("alert").filter({ hasText: "The edit was not made" });
    await expect(said).toContainText("expected finite numbers");
    await expect(said).toContainText("Set a smaller learning rate and train again; the edits made so far stay.");
    await expect(field(page, "Edit prompt")).toHaveValue(iron.prompt);
    await expect(field(page, "New answer")).toHaveValue(iron.answer);
    await expectAccessible(page, "diverged");
    await asBefore();
  });

  await test.step("in the queue, where it can be tried again", async () => {
    await poison(page, Number.POSITIVE_INFINITY);
    await button(page, "Add to queue").click();
    const row = page.getByRole("region", { name: "Queue" }).getByRole("listitem");
    await expect(row).toContainText("failed");
    await expect(row).toContainText("expected finite numbers");
    await asBefore();
    await poison(page, null);
    await row.getByRole("button", { name: `Try again: ${iron.prompt}` }).click();
    await expect(list).toHaveCount(2, { timeout: 150_000 });
    await expect(button(page, "Generate")).toBeEnabled();
    expect(await ask(page, iron.prompt)).toMatch(/^Zz/);
  });
});
