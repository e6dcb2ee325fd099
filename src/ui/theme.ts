import { useSyncExternalStore } from "react";

export type ThemeChoice = "system" | "light" | "dark";

const KEY = "theme";
const listeners = new Set<() => void>();
const prefersDark = (): MediaQueryList => window.matchMedia("(prefers-color-scheme: dark)");

let choice: ThemeChoice = "system";

/** Applies the remembered choice and follows the system; call once, before the first drawing. */
export function restoreTheme(): void {
  // Storage may be closed to us (private windows, blocked cookies): then the choice lasts as long as the page.
  try {
    const stored = localStorage.getItem(KEY);
    if (stored === "light" || stored === "dark") choice = stored;
  } catch {
    choice = "system";
  }
  apply();
  prefersDark().addEventListener("change", apply);
}

export function chooseTheme(next: ThemeChoice): void {
  choice = next;
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // See restoreTheme.
  }
  apply();
}

function inEffect(): "light" | "dark" {
  if (choice !== "system") return choice;
  return prefersDark().matches ? "dark" : "light";
}

/** The stylesheet knows one attribute, whether the person or the system chose. */
function apply(): void {
  document.documentElement.dataset["theme"] = inEffect();
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const themeChoice = (): ThemeChoice => choice;

export function useThemeChoice(): ThemeChoice {
  return useSyncExternalStore(subscribe, themeChoice);
}

/** The theme in effect. */
export function useTheme(): "light" | "dark" {
  return useSyncExternalStore(subscribe, inEffect);
}
