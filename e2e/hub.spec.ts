import type { Page } from "@playwright/test";
import { startHubServer } from "../tools/testing/hubServer.ts";
import type { HubRequest, HubServer } from "../tools/testing/hubServer.ts";
import { expectAccessible } from "./accessible.ts";
import { test as base, expect } from "./fixtures.ts";
import type { Complaints } from "./fixtures.ts";
import { ask, button, field, loadChecked, modelLoaded, openChoice, openLab, region, takeScreens } from "./lab.ts";
import { tinyRepository } from "./tinyRepository.ts";

const files = Object.fromEntries(tinyRepository(3));
const shard = (at: number): string => `model-0000${at}-of-00003.safetensors`;
const commit = "89".repeat(20);

/** A server on this machine in place of the Hub, at two origins of its own. */
const test = base.extend<{ readonly hub: HubServer }>({
  hub: async ({ complaints }, provide) => {
    const hub = await startHubServer({
      repositories: {
        "team/tiny": { files, commit, licence: "apache-2.0" },
        "team/gated": { files, gated: true },
      },
      token: "hf_reader",
    });
    allowRequestsTo(complaints, [hub.endpoint, hub.cdn]);
    await provide(hub);
    await hub.close();
  },
});

function allowRequestsTo(complaints: Complaints, origins: readonly string[]): void {
  for (const origin of origins) complaints.allow(new RegExp(`^request to another origin: ${origin}/`));
}

/** Types a repository into the choice of models, by keyboard. */
async function checkRepository(page: Page, hub: HubServer, id: string): Promise<void> {
  const dialog = await openChoice(page);
  await dialog.getByText("Mirror", { exact: true }).click();
  await field(page, "Server in place of huggingface.co").fill(hub.endpoint);
  await field(page, "Repository").fill(id);
  await page.keyboard.press("Enter");
}

const sentOf = (log: readonly HubRequest[], file: string): number =>
  log.filter((request) => request.at === "cdn" && request.file === file).reduce((sum, { sent }) => sum + sent, 0);

const takeWhole = (page: Page, story: string): Promise<void> =>
  takeScreens(page, story, async (path) => void (await page.screenshot({ path: `${path}.png`, animations: "disabled" })));

test("a model of the Hub is checked, downloaded, kept, and loaded again without a request", async ({ page, hub }) => {
  await openLab(page);
  const dialog = page.getByRole("dialog", { name: "Choose a model" });
  const storage = region(page, "Storage");

  await test.step("what it is comes first", async () => {
    await checkRepository(page, hub, "team/tiny");
    await expect(dialog.getByRole("heading", { name: "team/tiny" })).toBeVisible();
    for (const fact of ["llama", "F32", commit, "apache-2.0", "fits"]) await expect(dialog.getByText(fact).first()).toBeVisible();
  });

  await test.step("the download is held, and goes on", async () => {
    const isShard = ({ at, file }: HubRequest): boolean => at === "cdn" && file === shard(2);
    hub.faults.add({ kind: "trickle", bytes: 2048, everyMs: 60, when: isShard });
    await dialog.getByRole("button", { name: "Load", exact: true }).click();
    await expect(page.getByText("Downloading weights")).toBeVisible();
    await button(page, "Pause").click();
    const band = page.getByRole("group", { name: "Loading the model" });
    await expect(band.getByText("Paused")).toBeVisible();
    await takeWhole(page, "download-paused");
    const before = hub.log.length;
    await button(page, "Go on").click();
    await modelLoaded(page);
    expect(hub.log.length, "what was broken off is asked for again").toBeGreaterThan(before);
    await expect(page.getByRole("banner")).toContainText(`team/tiny, ${commit.slice(0, 7)}, int8`);
    expect(await ask(page, "Paris is")).not.toBe("");
  });

  await test.step("after a reload it comes from the browser alone", async () => {
    await page.reload();
    await modelLoaded(page);
    const asked = hub.log.length;
    const requests: string[] = [];
    page.on("request", (request) => requests.push(request.url()));
    await storage.getByRole("button", { name: "Load team/tiny" }).click();
    await expect(page.getByRole("banner")).toContainText("team/tiny");
    expect(await ask(page, "Paris is")).not.toBe("");
    expect(hub.log.length).toBe(asked);
    expect(requests.filter((url) => !url.startsWith("blob:"))).toEqual([]);
    await storage.getByRole("button", { name: "Ask it not to" }).click();
    await expect(storage.getByText(/^The browser (?:promised|refused)/)).toBeVisible();
    await takeScreens(page, "storage", async (path) => {
      await storage.evaluate((element) => element.scrollIntoView({ block: "center" }));
      await page.screenshot({ path: `${path}.png`, animations: "disabled" });
    });
  });

  await test.step("it is removed, put back as it was, and freed when that is confirmed", async () => {
    const row = storage.getByRole("row", { name: /team\/tiny/ });
    await storage.getByRole("button", { name: "Remove team/tiny" }).click();
    await expect(row).toBeHidden();
    await storage.getByRole("button", { name: "Put team/tiny back" }).click();
    await expect(row).toBeVisible();
    const before = hub.log.length;
    await storage.getByRole("button", { name: "Load team/tiny" }).click();
    await expect(storage.getByRole("button", { name: "Remove team/tiny" })).toBeEnabled();
    expect(hub.log.length).toBe(before);
    await storage.getByRole("button", { name: "Remove team/tiny" }).click();
    await expectAccessible(page, "storage-removed");
    await storage.getByRole("button", { name: /^Free .* now/ }).click();
    await button(page, "Not now").click();
    await storage.getByRole("button", { name: /^Free .* now/ }).click();
    await button(page, "Free it").click();
    await expect(storage.getByText("No models are kept.")).toBeVisible();
    await expect(storage.getByRole("heading", { name: "Removed" })).toBeHidden();
  });
});

test("a download that was left off goes on, and a gated model is opened with a token", async ({ page, hub, complaints }) => {
  await openLab(page);
  const dialog = page.getByRole("dialog", { name: "Choose a model" });
  const storage = region(page, "Storage");

  await test.step("a page that is closed midway keeps what came", async () => {
    await checkRepository(page, hub, "team/tiny");
    await expect(dialog.getByRole("button", { name: "Load", exact: true })).toBeEnabled();
    hub.faults.add({ kind: "hang", bytes: 1000, times: 100, when: ({ at, file }) => at === "cdn" && file === shard(2) });
    await dialog.getByRole("button", { name: "Load", exact: true }).click();
    await expect.poll(() => sentOf(hub.log, shard(3))).toBeGreaterThanOrEqual(files[shard(3)]?.length ?? 1);
    await page.getByText(/^\d+ files$/).click();
    const rest = page.getByRole("listitem").filter({ hasText: shard(3) });
    await expect(rest.getByRole("progressbar")).toHaveAttribute("aria-valuenow", "100");
    await page.reload();
    await modelLoaded(page);
    await expect(storage.getByText("Unfinished downloads")).toBeVisible();
  });

  await test.step("and goes on from there", async () => {
    hub.faults.clear();
    await storage.getByRole("button", { name: "Go on with team/tiny" }).click();
    await expect(dialog.getByRole("button", { name: "Load", exact: true })).toBeEnabled();
    const before = sentOf(hub.log, shard(3));
    await loadChecked(page);
    expect(sentOf(hub.log, shard(3)), "what was here is not asked for again").toBe(before);
    expect(await ask(page, "Paris is")).not.toBe("");
    await expect(storage.getByText("Unfinished downloads")).toBeHidden();
  });

  await test.step("a gated one says what to do, and takes a token", async () => {
    // The browser itself reports the refusal.
    complaints.allow(/Failed to load resource.*40[13]/);
    await checkRepository(page, hub, "team/gated");
    await expect(dialog.getByRole("link", { name: "The page of team/gated, with its terms" })).toBeVisible();
    await expect(dialog.getByText(`is sent to ${new URL(hub.endpoint).host} only`)).toBeVisible();
    await takeWhole(page, "gated");
    await field(page, "Access token").fill("hf_reader");
    await page.keyboard.press("Enter");
    await expect(dialog.getByRole("button", { name: "Load", exact: true })).toBeEnabled();
    expect(hub.log.filter(({ at, authorization }) => at === "cdn" && authorization)).toEqual([]);
    expect(page.url()).not.toContain("hf_reader");
    expect(await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }))).not.toContain("hf_reader");
    await loadChecked(page);
    await expect(page.getByRole("banner")).toContainText("team/gated");
  });
});
