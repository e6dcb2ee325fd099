import { expectAccessible } from "./accessible.ts";
import { expect, test } from "./fixtures.ts";
import { ask, button, crashGpu, gpuIsBack, openLab, savedMark, trainEdit } from "./lab.ts";

// Without these Chromium gives no GPU any more after its GPU process died a second time.
const more = ["--disable-gpu-process-crash-limit", "--disable-domain-blocking-for-3d-apis"];
test.use({
  launchOptions: async ({ launchOptions }, provide) => provide({ ...launchOptions, args: [...(launchOptions.args ?? []), ...more] }),
});

test("a GPU process that dies takes nothing with it, however often", async ({ page, browser, complaints }) => {
  complaints.allow(/GPU|WebGPU|context/i);
  const lyon = { prompt: "The capital of France is", answer: "Lyon", rephrasings: [] };
  await openLab(page);
  await trainEdit(page, lyon);
  const answered = await ask(page, lyon.prompt);
  await crashGpu(browser);
  await gpuIsBack(page);
  expect(await ask(page, lyon.prompt)).toBe(answered);
  await expect(savedMark(page)).toBeVisible();
  await expectAccessible(page, "recovered");
  await crashGpu(browser);
  await expect(button(page, "Generate")).toBeDisabled();
  await gpuIsBack(page);
  expect(await ask(page, lyon.prompt)).toBe(answered);
});
