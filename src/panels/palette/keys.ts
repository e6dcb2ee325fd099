import type { Texts } from "../../texts/texts.ts";

/** Which key does what, as "Mod+Shift+Enter": Mod is ⌘ on a Mac and Ctrl elsewhere. */
export type Keys = string;

type KeyPress = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">;

export const isMac = (): boolean => /Mac|iP(?:hone|ad|od)/u.test(navigator.platform);

const partsOf = (keys: Keys): readonly string[] => keys.split("+");
/** Signs sit behind Shift on some keyboards and not on others. */
const isSign = (key: string): boolean => key.length === 1 && !/\p{L}|\d/u.test(key);

export function matchesKeys(press: KeyPress, keys: Keys, mac: boolean): boolean {
  const parts = partsOf(keys);
  const key = parts.at(-1) ?? "";
  if (press.key.toLowerCase() !== key.toLowerCase()) return false;
  if (press.altKey || press.ctrlKey !== !mac || press.metaKey !== mac) return false;
  return isSign(key) || press.shiftKey === parts.includes("Shift");
}

/** For people, key by key: ["Ctrl", "K"], or ["⌘", "K"]. */
export function keyNames(keys: Keys, words: Texts["palette"]["keyNames"], mac: boolean): readonly string[] {
  const names: Readonly<Record<string, string>> = mac ? { ...words, Mod: "⌘", Shift: "⇧", Enter: "↩" } : { ...words, Mod: words.Ctrl };
  return partsOf(keys).map((part) => names[part] ?? part);
}

/** For `aria-keyshortcuts`. */
export const ariaKeys = (keys: Keys, mac: boolean): string => keys.replace("Mod", mac ? "Meta" : "Control");
