import { useSyncExternalStore } from "react";
import { currentLanguage, currentTexts, subscribeLanguage } from "./language.ts";
import type { Language } from "./language.ts";
import type { Texts } from "./texts.ts";

/** The words in the person's language: `const words = useTexts().scope`. */
export function useTexts(): Texts {
  return useSyncExternalStore(subscribeLanguage, currentTexts);
}

export function useLanguage(): Language {
  return useSyncExternalStore(subscribeLanguage, currentLanguage);
}
