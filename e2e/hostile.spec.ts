// Text from strangers is only ever text: every payload through every way into the page (goal 10 of the reliability table).
import type { Page } from "@playwright/test";
import { encodeLink } from "../src/share/linkCodec.ts";
import { servePreview } from "../tools/lib/preview.mjs";
import { expect } from "./fixtures.ts";
import { hostileModel } from "./hostileModel.ts";
import { allPayloads, payloads } from "./hostilePayloads.ts";
import { intrusions, test, watchIntrusions } from "./intrusion.ts";
import { answer, answered, button, field, loadChecked, openChoice, openLab, region } from "./lab.ts";

const told = (where: string, count: number): void => console.log(`${where}: ${count} payloads`);
const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
/** As an import reads a field. */
const read = payloads.map((text) => text.trim());

/** Prompt, answer and subject of each row of the import's table, all of its pages. */
async function importedRows(page: Page): Promise<string[][]> {
  const dialog = page.getByRole("dialog", { name: "Import edits" });
  const texts: string[][] = [];
  for (;;) {
    const shown = dialog.locator("tbody tr");
    texts.push(
      ...(await shown.evaluateAll((rows) =>
        rows.map((row) => [...row.querySelectorAll("td")].map((cell) => cell.textContent).slice(1, 4)),
      )),
    );
    const later = dialog.getByRole("button", { name: "Rows after" });
    if (!(await later.isVisible()) || (await later.isDisabled())) return texts;
    await later.click();
  }
}

async function pickEdits(page: Page, name: string, buffer: Buffer): Promise<void> {
  await page
    .getByRole("dialog", { name: "Import edits" })
    .locator("input[type=file]")
    .setInputFiles({ name, mimeType: "text/plain", buffer });
}

test("files of edits: every field of every layout, headers, faults and names", async ({ guarded: page }) => {
  expect(payloads.length).toBeGreaterThanOrEqual(150);
  await openLab(page);
  await button(page, "Import edits…").click();
  const dialog = page.getByRole("dialog", { name: "Import edits" });

  await test.step("CSV", async () => {
    const cell = (text: string): string => `"${text.replaceAll('"', '""')}"`;
    const rows = payloads.map((text) => [text, `a ${text}`, text, text].map(cell).join(","));
    await pickEdits(page, "rows.csv", Buffer.from(["prompt,answer,subject,rephrasings", ...rows].join("\n")));
    await expect(dialog.getByText(`rows.csv: ${payloads.length} edits`)).toBeVisible();
    expect(await importedRows(page)).toEqual(payloads.map((text) => [text, `a ${text}`, text].map((each) => each.trim())));
  });

  await test.step("CounterFact", async () => {
    const records = payloads.map((text, id) => ({
      case_id: id,
      requested_rewrite: { prompt: `{} ${text}`, subject: text, target_new: { str: text }, target_true: { str: text } },
      paraphrase_prompts: [text],
      neighborhood_prompts: [text],
    }));
    await pickEdits(page, "records.json", json(records));
    await expect(dialog.getByText(`records.json: ${payloads.length} edits`)).toBeVisible();
    const rows = await importedRows(page);
    expect(rows.map(([, shown]) => shown)).toEqual(read);
    expect(rows.map(([, , subject]) => subject)).toEqual(read);
  });

  await test.step("what is wrong with a file is told in its own words", async () => {
    const header = ["prompt", "answer", ...payloads.map((text) => `"${text.replaceAll('"', '""')}"`)];
    await pickEdits(page, "header.csv", Buffer.from(`${header.join(",")}\na,b${",".repeat(payloads.length)}`));
    await expect(dialog.getByText(/header\.csv: 1 edit, \d+ faults/)).toBeVisible();
    expect(await dialog.locator(".import-problem td").first().textContent()).toContain(`${read[0]}: got an unknown column`);
    for (const name of allPayloads.filter((_, index) => index % 12 === 0).filter((text) => text.length < 300)) {
      await pickEdits(page, name, Buffer.from("no edits"));
      await expect(dialog.getByRole("alert")).toContainText(name.toWellFormed());
    }
  });

  await test.step("the queue", async () => {
    await pickEdits(page, "queue.json", json(payloads.map((text) => ({ prompt: text, answer: text }))));
    await dialog.getByRole("button", { name: `Queue ${payloads.length} edits` }).click();
    const queue = region(page, "Queue");
    await button(page, "Pause queue").click();
    // The first may have been trained meanwhile.
    const waiting = await queue.locator("li[data-status=waiting] > p").allTextContents();
    expect(waiting.length).toBeGreaterThan(payloads.length - 4);
    for (const [at, text] of waiting.toReversed().entries()) expect(text.endsWith(` → ${read.at(-1 - at) ?? ""}`), text).toBe(true);
  });
  told("each field of CSV and of CounterFact, column heads, the queue", payloads.length);
});

test("what is typed", async ({ guarded: page }) => {
  await openLab(page);
  for (const name of ["Prompt", "Edit prompt", "New answer", "Rephrasings", "Subject"]) {
    const place = field(page, name);
    const held = await place.evaluate(async (element, texts) => {
      const box = element as HTMLTextAreaElement;
      const set = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(box), "value")?.set;
      const wrong: string[] = [];
      for (const text of texts) {
        set?.call(box, text);
        // What a field itself makes of line ends.
        const taken = box.value;
        box.dispatchEvent(new Event("input", { bubbles: true }));
        // React has taken it by then.
        await Promise.resolve();
        if (box.value !== taken) wrong.push(text);
      }
      return wrong;
    }, payloads);
    expect(held, name).toEqual([]);
    await place.fill("");
  }
  told("each of five fields", payloads.length);
});

test("names of projects", async ({ guarded: page }) => {
  await openLab(page);
  await button(page, "New project").click();
  const row = region(page, "Projects").locator("tr[data-current]");
  await expect(row).toBeVisible();
  const given = payloads.filter((text, index) => index % 9 === 0 && text.length < 60 && !/\p{Cc}/u.test(text));
  for (const text of given) {
    await row.getByRole("combobox").selectOption({ label: "Rename…" });
    await row.getByRole("textbox", { name: "New name" }).fill(text);
    await row.getByRole("button", { name: "Rename", exact: true }).click();
    await expect(row.getByRole("textbox")).toHaveCount(0);
    expect((await row.locator("th").textContent())?.startsWith(text.trim()), text).toBe(true);
  }
  told("names of projects", given.length);
});

test("a model whose tokens, metadata and files are named so", async ({ guarded: page }) => {
  await openLab(page);
  const dialog = await openChoice(page);
  const back = dialog.getByRole("button", { name: "← All models" });
  const pick = dialog.locator("input[type=file]:not([webkitdirectory])");

  await test.step("files that are no model", async () => {
    const files = payloads
      .filter((text) => text.length < 300)
      .map((name) => ({ name, mimeType: "text/plain", buffer: Buffer.from("none") }));
    await pick.setInputFiles(files);
    await expect(dialog.getByRole("alert")).toContainText("This model cannot be loaded");
    await back.click();
    for (const name of ["<img src=x onerror=__pwned=1>.gguf", "\u202Efugg.gguf", "__proto__.gguf", "=1+1.gguf"]) {
      await pick.setInputFiles({ name, mimeType: "application/octet-stream", buffer: Buffer.from(`GGUF${"\0".repeat(60)}`) });
      await expect(dialog.getByRole("alert")).toBeVisible();
      await expect(dialog).toContainText(name);
      await back.click();
    }
  });

  await test.step("a model that answers in payloads", async () => {
    const [named = ""] = payloads;
    await pick.setInputFiles(hostileModel(named));
    await expect(dialog.getByRole("alert")).toContainText(named);
    await back.click();
    await pick.setInputFiles(hostileModel());
    await expect(dialog.getByRole("radio", { name: "8-bit" })).toBeVisible();
    await dialog.getByRole("checkbox", { name: "Keep in this browser" }).uncheck();
    await loadChecked(page);
    await field(page, "Prompt").fill(payloads.slice(0, 8).join(" "));
    await button(page, "Generate").click();
    await expect(answered(page, "Edited model")).toBeVisible();
    const said = (await answer(page, "Edited model").textContent()) ?? "";
    expect(payloads.filter((text) => text.length > 8 && said.includes(text)).length, said).toBeGreaterThan(0);
    const chips = page.getByRole("group", { name: "Edited model", exact: true }).locator(".chip");
    for (const chip of (await chips.all()).slice(0, 12)) await chip.hover();
    await expect(page.locator(".token-card")).toBeVisible();
  });
  told("tokens of a model, names of its files", payloads.filter((text) => text.length < 200).length);
});

test("links: fragments of any text, and edits and prompts that they bring", async ({ guarded: page, baseURL }) => {
  const chosen = [0, 90].map((from) =>
    payloads
      .slice(from)
      .filter((text) => text.length < 40)
      .slice(0, 2)
      .join(" "),
  );
  const edits = chosen.map((text) => ({ prompt: text, answer: "Lyon <b>", rephrasings: [], subject: text }));
  const fragment = await encodeLink({
    model: { kind: "built-in", variant: "int8" },
    method: "paper",
    settings: { steps: 2 },
    seed: 1,
    edits,
    prompt: chosen.join("\n"),
    decoding: {},
    view: null,
    lesson: null,
    hidden: [],
    locked: [],
    expected: null,
  });
  await page.goto(`${baseURL ?? ""}${fragment}`);
  const rows = region(page, "Edits").getByRole("listitem", { name: /^Edit \d+$/ });
  await expect(rows).toHaveCount(edits.length, { timeout: 120_000 });
  const shown = await rows.locator(".edit-what > p:first-child").allTextContents();
  for (const text of chosen) expect(shown.filter((row) => row.startsWith(`${text} `))).toHaveLength(1);
  for (const row of shown) expect(row.endsWith("Lyon <b>")).toBe(true);
  await expect(field(page, "Prompt")).toHaveValue(chosen.join("\n"));
  told("edits of a link", 2 * chosen.length);
});

test("fragments that are no link of ours", async ({ guarded: page, baseURL }) => {
  // The page alone: what a fragment does is done before any model.
  await page.route("**/models/**", () => undefined);
  const fragments = allPayloads.filter((text) => text.length < 300);
  for (const [at, text] of fragments.entries()) {
    if (at % 48 !== 0) continue;
    await page.goto(`${baseURL ?? ""}?${at}#${encodeURIComponent(text.toWellFormed())}`);
    await page.evaluate(
      async (texts) => {
        for (const fragment of texts) {
          location.hash = fragment;
          await new Promise((resolve) => setTimeout(resolve));
        }
      },
      fragments.slice(at, at + 48),
    );
    expect(await intrusions(page), `from ${text}`).toEqual([]);
  }
  for (const text of ["<img src=x onerror=__pwned=1>", "__proto__", "\u202E"]) {
    await page.goto(`${baseURL ?? ""}?${encodeURIComponent(text)}#lab=1.${text}`);
    await expect(page.getByRole("alert").first()).toContainText("The link could not be opened");
    expect(await intrusions(page), text).toEqual([]);
  }
  told("fragments", fragments.length);
});

test("the detector finds what gets in where there is no policy", async ({ page, complaints }) => {
  complaints.allow(/request to another origin|uncaught|console|dialog/);
  const { address, close } = await servePreview(0, "/", {});
  // The same page without its own copy of the policy.
  await page.route(/\/$/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: (await response.text()).replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, "") });
  });
  await watchIntrusions(page);
  await page.goto(address);
  expect(await intrusions(page)).toEqual([]);
  const missed: string[] = [];
  const planted = [
    "<img src=x onerror=globalThis.__pwned=1>",
    "<svg onload=globalThis.__pwned=1>",
    "<iframe srcdoc=x></iframe>",
    "<base href=//outside.test>",
  ];
  for (const text of [...planted, "<a href='javascript:globalThis.__pwned=1'>x</a>", "<a id=__pwned></a>", "<style>*{}</style>"]) {
    await page.evaluate((markup) => {
      const box = document.createElement("div");
      box.id = "planted";
      box.innerHTML = markup;
      document.body.append(box);
    }, text);
    if ((await intrusions(page)).length === 0) missed.push(text);
    await page.evaluate(() => {
      document.querySelector("#planted")?.remove();
      Reflect.deleteProperty(globalThis, "__pwned");
    });
  }
  expect(missed).toEqual([]);
  await page.evaluate(() => document.body.insertAdjacentHTML("beforeend", "<img src=x onerror=globalThis.__pwned=1>"));
  await expect.poll(() => page.evaluate(() => "__pwned" in globalThis)).toBe(true);
  await close();
});
