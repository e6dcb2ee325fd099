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

/** Every word of the page in English. Names of regions and controls are what tests look for. */
export const en = {
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
