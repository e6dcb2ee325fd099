import type { Locator, Page } from "@playwright/test";
import { startHubServer } from "../tools/testing/hubServer.ts";
import type { Fault } from "../tools/testing/hubFaults.ts";
import type { HubRequest, HubServer } from "../tools/testing/hubServer.ts";
import { expectAccessible } from "./accessible.ts";
import { test as base, expect } from "./fixtures.ts";
import { ask, button, field, modelLoaded, openChoice, openLab, takeScreens } from "./lab.ts";
import { tinyRepository } from "./tinyRepository.ts";

const MiB = 2 ** 20;
const MOST_REFETCHED = 8 * MiB;
const WEIGHTS = "model.safetensors";
const files = Object.fromEntries(tinyRepository(1, { hidden: 512, inner: 1024, positions: 64 }));
const size = files[WEIGHTS]?.length ?? 0;

const test = base.extend<{ readonly hub: HubServer }>({
  hub: async ({ complaints }, provide) => {
    const hub = await startHubServer({ repositories: { "team/large": { files } } });
    for (const origin of [hub.endpoint, hub.cdn]) complaints.allow(new RegExp(`^request to another origin: ${origin}/`));
    // The browser's own report of each request that broke.
    complaints.allow(/Failed to load resource: net::ERR/);
    await provide(hub);
    await hub.close();
  },
});

const ofWeights = ({ at, file }: HubRequest): boolean => at === "cdn" && file === WEIGHTS;
const sent = (hub: HubServer): number => hub.log.filter(ofWeights).reduce((sum, request) => sum + request.sent, 0);
const band = (page: Page): Locator => page.getByRole("group", { name: "Loading the model" });

/** Up to the download, which begins. @param faults from then on */
async function begin(page: Page, hub: HubServer, ...faults: Fault[]): Promise<void> {
  await openLab(page);
  const dialog = await openChoice(page);
  await dialog.getByText("Mirror", { exact: true }).click();
  await field(page, "Server in place of huggingface.co").fill(hub.endpoint);
  await field(page, "Repository").fill("team/large");
  await page.keyboard.press("Enter");
  const load = dialog.getByRole("button", { name: "Load", exact: true });
  await expect(load).toBeEnabled();
  // What it took to look at it is no part of the download.
  hub.log.length = 0;
  hub.faults.add(...faults);
  await load.click();
}

async function inUse(page: Page): Promise<void> {
  await modelLoaded(page);
  await expect(page.getByRole("banner")).toContainText("team/large");
  expect(await ask(page, "Paris is")).not.toBe("");
}

test("a connection that is cut, and cut again, costs little and nobody has to do anything", async ({ page, hub }) => {
  const cuts = [5, 12, 21].map((at) => at * MiB + 4321);
  await begin(page, hub, ...cuts.map((at) => ({ kind: "cut", at, when: ofWeights }) as const));
  await inUse(page);
  expect(hub.faults.left(), "all cuts have happened").toBe(0);
  const again = sent(hub) - size;
  console.log(`${cuts.length} cuts of ${(size / MiB).toFixed(1)} MiB: ${(again / MiB).toFixed(2)} MiB sent again`);
  expect(again).toBeLessThanOrEqual(cuts.length * MOST_REFETCHED);
});

test("a network that goes away is said, and the download goes on where it was", async ({ page, hub, context }) => {
  const isSecond = (request: HubRequest): boolean => ofWeights(request) && hub.log.filter(ofWeights).length > 1;
  await begin(page, hub, { kind: "cutAfter", bytes: 3 * MiB, when: isSecond }, { kind: "drop", times: 1000, when: isSecond });
  await test.step("it tries again by itself, and says so", async () => {
    await expect(band(page).getByText("The connection broke; what is missing is asked for again…")).toBeVisible();
    await context.setOffline(true);
    await takeScreens(
      page,
      "download-broken",
      async (path) => void (await page.screenshot({ path: `${path}.png`, animations: "disabled" })),
    );
  });
  const failed = page.getByRole("alert").filter({ hasText: "The model could not be loaded" });
  await test.step("after a while it leaves the next try to the person; the model before is still there", async () => {
    await expect(failed).toContainText("Check the connection", { timeout: 90_000 });
    await expect(failed).toContainText(/of [\d.]+ MB were downloaded and are kept in this browser/);
    await expect(failed).toContainText("The model loaded before is still in use.");
    await expectAccessible(page, "download-failed");
    expect(await ask(page, "The capital of France is")).not.toBe("");
  });
  await test.step("with the network back it goes on", async () => {
    hub.faults.clear();
    await context.setOffline(false);
    const before = sent(hub);
    await failed.getByRole("button", { name: "Try again" }).click();
    await inUse(page);
    console.log(
      `${(before / MiB).toFixed(1)} MiB before, ${((sent(hub) - before) / MiB).toFixed(1)} MiB after, of ${(size / MiB).toFixed(1)}`,
    );
    expect(sent(hub) - before, "what had come is not asked for again").toBeLessThan(size - MiB);
    expect(sent(hub)).toBeLessThanOrEqual(size + MOST_REFETCHED);
  });
});

test("a shard with one wrong bit is refused, and comes anew", async ({ page, hub }) => {
  await begin(page, hub, { kind: "flip", at: 17 * MiB + 3, times: 1000, when: ofWeights });
  const failed = page.getByRole("alert").filter({ hasText: "The model could not be loaded" });
  await expect(failed).toContainText("It was removed here: load the model again", { timeout: 90_000 });
  await expect(page.getByRole("banner")).not.toContainText("team/large");
  hub.faults.clear();
  await failed.getByRole("button", { name: "Try again" }).click();
  await inUse(page);
  await expect(button(page, "Generate")).toBeEnabled();
});
