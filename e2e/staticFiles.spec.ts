import { expect, test } from "./fixtures.ts";
import { ask, openLab } from "./lab.ts";

test.use({ base: "/some/path/" });

test("the build is plain static files that work under any path", async ({ page, baseURL }) => {
  await openLab(page);
  expect(new URL(page.url()).pathname).toBe("/some/path/");
  expect(baseURL).toContain("/some/path/");
  expect(await ask(page, "The capital of France is")).toMatch(/\bParis\b/);
});
