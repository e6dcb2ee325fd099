import { useState } from "react";
import type { ReactNode } from "react";
import { chooseLanguage, languages } from "../texts/language.ts";
import type { Language } from "../texts/language.ts";
import { useLanguage, useTexts } from "../texts/useTexts.ts";

const choices = Object.entries(languages) as [Language, string][];

/** Each language by its own name. One that cannot be read leaves the page as it is, and says so. */
export function LanguageChoice(): ReactNode {
  const words = useTexts().app;
  const language = useLanguage();
  const [failed, setFailed] = useState<Language | null>(null);
  const choose = async (next: Language): Promise<void> => {
    setFailed(null);
    try {
      await chooseLanguage(next);
    } catch {
      setFailed(next);
    }
  };
  return (
    <>
      {failed !== null && (
        <span className="header-warning" role="alert" title={words.languageFailedHint}>
          {languages[failed]}: {words.languageFailed}
        </span>
      )}
      <select
        aria-label={words.language}
        title={words.language}
        value={language}
        onChange={(event) => void choose(event.target.value as Language)}
      >
        {choices.map(([value, name]) => (
          <option key={value} value={value} lang={value}>
            {name}
          </option>
        ))}
      </select>
    </>
  );
}
