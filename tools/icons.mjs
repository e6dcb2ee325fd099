// `node tools/icons.mjs`: draws public/favicon.svg as the PNG icons that installing a page takes, in the browser that the tests use.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "@playwright/test";
import { findChromium } from "./lib/chromium.mjs";
import { root } from "./lib/commands.mjs";

/** Systems cut maskable icons to a circle of four fifths: the squares stay within it, and the ground runs to the edge. */
const icons = [
  { name: "icon-192", size: 192, full: false },
  { name: "icon-512", size: 512, full: false },
  { name: "maskable-192", size: 192, full: true },
  { name: "maskable-512", size: 512, full: true },
];

/** @param {boolean} full @param {number} size */
function pageOf(full, size) {
  const drawn = readFileSync(join(root, "public/favicon.svg"), "utf8");
  const [, ground = ""] = /<rect width="32" height="32" rx="7" fill="(#\w+)"/.exec(drawn) ?? [];
  const svg = full ? drawn.replace(' rx="7"', "").replace('viewBox="0 0 32 32"', 'viewBox="-3 -3 38 38"') : drawn;
  const style = `<style>html,body{margin:0;background:${full ? ground : "transparent"}}svg{display:block;width:${size}px;height:${size}px}</style>`;
  return style + svg;
}

const folder = join(root, "public/icons");
mkdirSync(folder, { recursive: true });
const executablePath = findChromium();
const browser = await chromium.launch({ args: ["--no-sandbox"], ...(executablePath === undefined ? {} : { executablePath }) });
for (const { name, size, full } of icons) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(pageOf(full, size));
  writeFileSync(join(folder, `${name}.png`), await page.screenshot({ omitBackground: !full }));
  await page.close();
}
await browser.close();
