/** JSON as a tree that can hold what no JSON value can: a key twice, `__proto__` as a key, numbers that no double holds, broken texts. */
import type { Draw } from "./draw.ts";
import { awkwardNumbers, awkwardTexts } from "./hostileJson.ts";

export type Entry = readonly [key: string, value: Tree];
/** Leaves and keys by their JSON text. */
export type Tree = { readonly raw: string } | { readonly items: readonly Tree[] } | { readonly entries: readonly Entry[] };

export function treeOf(value: unknown): Tree {
  if (Array.isArray(value)) return { items: value.map(treeOf) };
  if (typeof value !== "object" || value === null) return { raw: JSON.stringify(value) ?? "null" };
  return { entries: Object.entries(value).map(([key, each]) => [JSON.stringify(key), treeOf(each)]) };
}

export function writeTree(tree: Tree): string {
  if ("raw" in tree) return tree.raw;
  if ("items" in tree) return `[${tree.items.map(writeTree).join(",")}]`;
  return `{${tree.entries.map(([key, value]) => `${key}:${writeTree(value)}`).join(",")}}`;
}

/** One to three changes, each somewhere; deep lists of many are met no more often than a field beside them. */
export function mutateTree(tree: Tree, draw: Draw): Tree {
  let mutant = tree;
  for (let count = 1 + (draw.oneIn(3) ? draw.prng.below(3) : 0); count > 0; count--) mutant = changeSomewhere(mutant, tree, draw);
  return mutant;
}

function changeSomewhere(tree: Tree, whole: Tree, draw: Draw): Tree {
  if ("raw" in tree) return draw.oneIn(3) ? draw.hostile() : tweaked(tree.raw, draw);
  const list: readonly (Tree | Entry)[] = "items" in tree ? tree.items : tree.entries;
  if (list.length === 0 || draw.oneIn(4)) return "items" in tree ? changeItems(tree.items, draw) : changeEntries(tree.entries, whole, draw);
  const at = draw.prng.below(list.length);
  if ("items" in tree) return { items: tree.items.with(at, changeSomewhere(tree.items[at] as Tree, whole, draw)) };
  const [key, value] = tree.entries[at] as Entry;
  return { entries: tree.entries.with(at, [key, changeSomewhere(value, whole, draw)]) };
}

function tweaked(text: string, draw: Draw): Tree {
  if (text.startsWith('"')) return { raw: JSON.stringify(tweakedText(text, draw)) };
  const value = Number(text);
  if (!Number.isFinite(value)) return { raw: draw.pick(["true", "false", "null", "0", '""']) };
  const near = [value + 1, value - 1, value * 2, value / 2, -value, value + 2 ** 32, value * 2 ** 31, value + 0.5];
  return { raw: draw.oneIn(3) ? draw.pick(awkwardNumbers) : String(draw.pick(near)) };
}

function tweakedText(quoted: string, draw: Draw): string {
  let text: string;
  try {
    text = String(JSON.parse(quoted));
  } catch {
    return quoted;
  }
  const at = draw.prng.below(text.length + 1);
  return draw.pick([
    () => draw.pick(awkwardTexts),
    () => text.slice(0, at),
    () => text.slice(0, at) + draw.pick(awkwardTexts) + text.slice(at),
    () => text.slice(0, at) + text.slice(at + 1),
    () => text + text,
    () => text.toUpperCase(),
  ])();
}

function changeItems(items: readonly Tree[], draw: Draw): Tree {
  const at = draw.prng.below(items.length + 1);
  const other = draw.prng.below(items.length + 1);
  const [here, there] = [items[at], items[other]];
  return draw.pick<() => Tree>([
    () => ({ items: items.toSpliced(at, 1) }),
    () => ({ items: items.toSpliced(at, 0, draw.hostile()) }),
    () => ({ items: here ? items.with(at, draw.hostile()) : items }),
    () => ({ items: here ? items.toSpliced(other, 0, here) : items }),
    () => ({ items: here && there ? items.with(at, there).with(other, here) : items }),
    () => ({ items: items.slice(0, at) }),
    () => draw.hostile(),
  ])();
}

function changeEntries(entries: readonly Entry[], whole: Tree, draw: Draw): Tree {
  const at = draw.prng.below(Math.max(1, entries.length));
  const [key, value]: Entry = entries[at] ?? ['"a"', { raw: "1" }];
  const [otherKey, otherValue]: Entry = entries[draw.prng.below(Math.max(1, entries.length))] ?? ['"b"', { raw: "2" }];
  const named = JSON.stringify(draw.pick(awkwardTexts));
  return {
    entries: draw.pick<() => readonly Entry[]>([
      () => entries.toSpliced(at, 1),
      () => entries.toSpliced(at, 1, [key, draw.hostile()]),
      () => entries.toSpliced(at, 0, [named, draw.hostile()]),
      () => entries.toSpliced(at, 1, [named, value]),
      // The same key twice: with the same value, and with another.
      () => entries.toSpliced(at, 0, [key, value]),
      () => [...entries, [key, draw.hostile()]],
      () => entries.toSpliced(at, 1, [key, otherValue]),
      () => entries.toSpliced(at, 1, [otherKey, value]),
      () => entries.toSpliced(at, 1, [key, whole]),
    ])(),
  };
}
