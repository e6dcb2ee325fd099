import { useState } from "react";
import type { ReactNode } from "react";
import { glossaryIds } from "../../lessons/glossary.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { TextField } from "../../ui/Field.tsx";
import { useLessonTexts } from "./useLessonTexts.ts";

/** Without case, accents and what is around letters, as people type. */
const folded = (text: string): string => text.normalize("NFD").replaceAll(/\p{M}/gu, "").toLowerCase();

/** Each word of the method once, with a search. */
export function Glossary(): ReactNode {
  const texts = useTexts().learn;
  const { glossary } = useLessonTexts();
  const [query, setQuery] = useState("");
  const wanted = folded(query.trim());
  const found = glossaryIds.filter((id) => glossary[id].some((text) => folded(text).includes(wanted)));
  return (
    <details className="glossary">
      <summary>{texts.glossary}</summary>
      <TextField label={texts.search} value={query} onChange={setQuery} />
      <p className="faint" role="status">
        {texts.found(found.length)}
      </p>
      <dl>
        {found.map((id) => (
          <div key={id}>
            <dt>{glossary[id][0]}</dt>
            <dd>{glossary[id][1]}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
