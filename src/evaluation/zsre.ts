import type { ImportLayout } from "./importLayout.ts";

/**
 * zsRE in MEND's layout: `src` (the question), `alt` (the new answer), `subject`, `rephrase` (held out) and `loc`, a question of another
 * data set (Natural Questions), so far from every edit. `pred`, `answers` and `loc_ans` are not read: locality is measured against the
 * base model's own answer. `loc` keeps its "nq question: " and ends with "?", as ROME's evaluation of zsRE asks it; the file has neither
 * capitals nor a question mark there. Rows have no id: their number is taken.
 * Source: Levy et al. 2017; Mitchell et al., MEND (arXiv 2110.11309); Meng et al., MEMIT (arXiv 2210.07229).
 */
export const zsreLayout: ImportLayout = {
  name: "zsRE (src, alt)",
  fits: (row) => "src" in row && "alt" in row,
  read: (fields) => {
    const [rephrasing, locality] = [fields.optionalText("rephrase"), fields.optionalText("loc")];
    return {
      id: undefined,
      prompt: fields.text("src"),
      answer: fields.text("alt"),
      subject: fields.optionalText("subject"),
      rephrasings: [],
      heldOut: rephrasing === undefined ? [] : [rephrasing],
      locality: locality === undefined ? [] : [{ prompt: asQuestion(locality), kind: "far" }],
    };
  },
};

function asQuestion(text: string): string {
  return text.endsWith("?") ? text : `${text}?`;
}
