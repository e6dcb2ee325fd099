import { writeNumbersIn } from "../lib/locale.ts";
import { en } from "./en/index.ts";
import type { Texts } from "./texts.ts";

/** By their own names, as those who look for theirs know them. */
export const languages = { en: "English", de: "Deutsch" } as const;
export type Language = keyof typeof languages;

export interface LanguageWishes {
  /** Of the address, `?lang=de`. */
  readonly asked: string | null;
  /** What the person chose here before. */
  readonly remembered: string | null;
  /** Of the browser, best first. */
  readonly preferred: readonly string[];
}

/** English costs nothing; others are read where they are wanted. */
const loaders: Readonly<Record<Language, () => Promise<Texts>>> = {
  en: () => Promise.resolve(en),
  de: async () => (await import("./de/index.ts")).de,
};

const KEY = "language";
const listeners = new Set<() => void>();
let current: { readonly language: Language; readonly texts: Texts } = { language: "en", texts: en };
/** A later choice overtakes one whose words are still on their way. */
let wanted: Language = "en";

export const currentLanguage = (): Language => current.language;
export const currentTexts = (): Texts => current.texts;

export function subscribeLanguage(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The first wish that there are words for, else English. */
export function languageFor({ asked, remembered, preferred }: LanguageWishes): Language {
  for (const wish of [asked, remembered, ...preferred]) {
    const language = wish?.toLowerCase().split("-")[0];
    if (language !== undefined && isLanguage(language)) return language;
  }
  return "en";
}

const isLanguage = (text: string): text is Language => Object.hasOwn(languages, text);

/** Call once, before the first drawing; where the words cannot be read it stays English. */
export async function restoreLanguage(): Promise<void> {
  const asked = new URLSearchParams(location.search).get("lang");
  await switchTo(languageFor({ asked, remembered: readRemembered(), preferred: navigator.languages })).catch(() => switchTo("en"));
}

/** Reads the words and draws the page in them. @throws where they cannot be read; then nothing changes */
export async function chooseLanguage(next: Language): Promise<void> {
  await switchTo(next);
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // Closed to us, as in private windows: the choice lasts as long as the page.
  }
  forgetAsked();
}

async function switchTo(language: Language): Promise<void> {
  wanted = language;
  const texts = await loaders[language]();
  if (wanted !== language) return;
  current = { language, texts };
  document.documentElement.lang = language;
  writeNumbersIn(language);
  for (const listener of listeners) listener();
}

function readRemembered(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

/** Else the address would win over the choice at the next visit. */
function forgetAsked(): void {
  const address = new URL(location.href);
  if (!address.searchParams.has("lang")) return;
  address.searchParams.delete("lang");
  history.replaceState(history.state, "", address);
}
