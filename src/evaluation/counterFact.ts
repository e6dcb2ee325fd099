import type { LocalityPrompt } from "./editSet.ts";
import type { ImportLayout } from "./importLayout.ts";

const sameRelation = (prompt: string): LocalityPrompt => ({ prompt, kind: "same relation" });

/**
 * CounterFact with one rephrasing and one locality prompt a record: `case_id`, `prompt`, `target_new`, `subject`, `rephrase_prompt`,
 * `locality_prompt`. The rephrasing is held out; the locality prompt asks another subject for the same relation. `ground_truth` and
 * `locality_ground_truth` are not read: locality is measured against the base model's own answer.
 * Source: Meng et al., "Locating and Editing Factual Associations in GPT" (arXiv 2202.05262), as editing toolkits cut it.
 */
export const counterFactLayout: ImportLayout = {
  name: "CounterFact with one rephrasing (prompt, target_new)",
  fits: (row) => "prompt" in row && "target_new" in row,
  read: (fields) => {
    const [rephrasing, locality] = [fields.optionalText("rephrase_prompt"), fields.optionalText("locality_prompt")];
    return {
      id: fields.optionalId("case_id"),
      prompt: fields.text("prompt"),
      answer: fields.text("target_new"),
      subject: fields.optionalText("subject"),
      rephrasings: [],
      heldOut: rephrasing === undefined ? [] : [rephrasing],
      locality: locality === undefined ? [] : [sameRelation(locality)],
    };
  },
};

/**
 * CounterFact as ROME released it: `case_id`, `requested_rewrite` (`prompt` with "{}" for the `subject`, `target_new.str`),
 * `paraphrase_prompts` (held out) and `neighborhood_prompts` (other subjects, same relation). Not read: the true target and the
 * relation's and targets' ids; `attribute_prompts` (subjects for which the new answer is true: no measure here asks for them) and
 * `generation_prompts` (for essays judged by their words).
 * Source: Meng et al., arXiv 2202.05262.
 */
export const romeLayout: ImportLayout = {
  name: "CounterFact as ROME released it (requested_rewrite)",
  fits: (row) => "requested_rewrite" in row,
  read: (fields) => {
    const [template, subject] = [fields.text("requested_rewrite.prompt"), fields.text("requested_rewrite.subject")];
    if (template !== "" && !template.includes("{}"))
      fields.report("requested_rewrite.prompt", template, 'a text with "{}" for the subject');
    return {
      id: fields.optionalId("case_id"),
      prompt: template.replaceAll("{}", () => subject),
      answer: fields.text("requested_rewrite.target_new.str"),
      subject,
      rephrasings: [],
      heldOut: fields.texts("paraphrase_prompts"),
      locality: fields.texts("neighborhood_prompts").map(sameRelation),
    };
  },
};
