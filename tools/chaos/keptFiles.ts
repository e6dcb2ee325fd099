/** What a page has left in the browser's file system. */
import type { Page } from "@playwright/test";
import type { ProbedPage } from "./pageProbe.ts";

/** The list's own documents are named so. */
const LIST = "projects";

/**
 * Each project of the list, and the list itself, has one file in the folder "projects", e.g. "projects/p0123456789abcdef-2".
 * @param files paths of all there are
 * @param ids of the projects in the list
 * @returns files that this does not account for, and projects that have none
 */
export function unaccounted(files: readonly string[], ids: readonly string[]): string[] {
  const owners = [LIST, ...ids];
  const ownerOf = (file: string): string | undefined => owners.find((id) => file.startsWith(`projects/${id}-`) && /-\d+$/.test(file));
  const strays = files.filter((file, index) => {
    const owner = ownerOf(file);
    return owner === undefined || files.findIndex((each) => ownerOf(each) === owner) !== index;
  });
  const missing = owners.filter((id) => !files.some((file) => ownerOf(file) === id));
  return [...strays, ...missing.map((id) => `no file of ${id}`)];
}

/** What an open page and its list do not account for. */
export async function orphans(page: Page): Promise<string[]> {
  const { files, ids } = await page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    const found: string[] = [];
    for await (const [name, entry] of root.entries()) {
      if (entry.kind === "file") found.push(name);
      else for await (const inner of entry.keys()) found.push(`${name}/${inner}`);
    }
    return { files: found, ids: (globalThis as ProbedPage).chaosProbe.projects?.list.map(({ id }) => id) ?? [] };
  });
  return unaccounted(files, ids);
}
