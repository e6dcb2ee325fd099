// One word for one idea:
//
// | English             | Deutsch                          | why                                                                  |
// |---------------------|----------------------------------|----------------------------------------------------------------------|
// | edit                | Änderung                         | „Edit“ says nothing to learners; „Bearbeitung“ is the act            |
// | base, edited model  | Basismodell, geändertes Modell   |                                                                      |
// | prompt, token, LoRA | Prompt, Token, LoRA              | so in German papers and lessons; plural „Token“                      |
// | mixture             | Mischung                         | of experts in one layer                                              |
// | expert, router      | Experte, Router                  | routing stays „Routing“                                              |
// | layer               | Schicht                          |                                                                      |
// | scope, in scope     | Geltungsbereich, im …            | what an edit answers                                                 |
// | defer, deferral     | abgeben, Abgabe                  | to the base model, as one hands a question on                        |
// | threshold           | Schwelle                         |                                                                      |
// | allocation          | Zuteilung                        | of experts to an edit                                                |
// | rephrasing          | Umformulierung                   |                                                                      |
// | loss, guided loss   | Verlust, Lenkverlust             |                                                                      |
// | holds, lost         | hält, verloren                   |                                                                      |
// | seed                | Startwert                        |                                                                      |
// | weights             | Gewichte                         |                                                                      |
// | decoding            | Dekodierung: gierig, gezogen     |                                                                      |
// | evaluation, run     | Auswertung, Lauf                 |                                                                      |
// | checkpoint          | Messpunkt                        | it measures; it stores nothing that could be gone back to            |
// | reliability …       | Zuverlässigkeit, Verallgemeinerung, Lokalität, Perplexität |                                            |
// | method              | Verfahren                        |                                                                      |
// | heatmap             | Wärmekarte                       |                                                                      |
// | kept (in browser)   | aufgehoben                       |                                                                      |
// | kernel proof        | Kernel-Nachweis                  |                                                                      |
//
// People are addressed as „Sie“. Errors of the engine are English and marked so.
import type { Texts } from "../texts.ts";
import { app, common, issues, regions } from "./app.ts";
import { badge, update } from "./badge.ts";
import { bench } from "./bench.ts";
import { check, choice, gated } from "./choice.ts";
import { compare } from "./compare.ts";
import { device, noWebGpu } from "./device.ts";
import { edit, edits } from "./edit.ts";
import { evaluation } from "./evaluation.ts";
import { learn, share } from "./learn.ts";
import { foresight, imports, ledger, method, queue, scorecard, strength } from "./ledger.ts";
import { microscope } from "./microscope.ts";
import { loading, model } from "./model.ts";
import { guide, palette } from "./palette.ts";
import { problems } from "./problems.ts";
import { projects } from "./projects.ts";
import { answers, prompt } from "./prompt.ts";
import { recorded } from "./recorded.ts";
import { routing, scope } from "./routing.ts";
import { settings } from "./settings.ts";
import { storage } from "./storage.ts";

/** Every word of the page in German, fetched when it is chosen. */
export const de: Texts = {
  app,
  regions,
  common,
  issues,
  prompt,
  answers,
  edit,
  edits,
  method,
  foresight,
  queue,
  imports,
  ledger,
  strength,
  scorecard,
  routing,
  scope,
  model,
  loading,
  choice,
  check,
  gated,
  storage,
  settings,
  device,
  noWebGpu,
  evaluation,
  bench,
  recorded,
  badge,
  update,
  learn,
  share,
  palette,
  guide,
  microscope,
  problems,
  projects,
  compare,
};
