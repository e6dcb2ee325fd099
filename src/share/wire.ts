/**
 * What a link says, as positional JSON: [model, method, settings, seed, edits, rest]. Fields that are as on a fresh page are left out, so that
 * each state has one spelling.
 */
import { controlIds, lessonIds, regionIds } from "../store/controls.ts";
import type { ControlId } from "../store/controls.ts";
import { initialPrompt, optionLimits } from "../store/promptSlice.ts";
import type { GenerateOptions } from "../store/promptSlice.ts";
import { badLink } from "./linkErrors.ts";
import { linkLimits, sharedMethods } from "./linkState.ts";
import type { LinkState, SharedEdit, SharedModel } from "./linkState.ts";
import { readList, readNumber, readPlace, readPlaces, readRecord, readText, readWhole } from "./readWire.ts";
import type { Wire } from "./readWire.ts";
import { longSettings, shortSettings } from "./settingKeys.ts";

const MOST_32_BITS = 2 ** 32 - 1;
const MOST_STRENGTH = 1000;
const precisions = ["stored", 8, 4] as const;
const variants = ["int8", "int4"] as const;

/** Without `undefined`s, and absent altogether where nothing is left. */
function sparse(fields: Readonly<Record<string, Wire>>): Wire[] {
  const kept = Object.entries(fields).filter(([, value]) => value !== undefined);
  return kept.length === 0 ? [] : [Object.fromEntries(kept)];
}

export function toWire(state: LinkState): Wire {
  const { model, method, settings, seed, edits } = state;
  const settingsWire = shortSettings(method, settings);
  return [modelWire(model), sharedMethods.indexOf(method), settingsWire, seed, edits.map((edit) => editWire(edit)), ...restWire(state)];
}

const modelWire = (model: SharedModel): Wire =>
  model.kind === "built-in"
    ? variants.indexOf(model.variant)
    : [model.id, model.revision, precisions.indexOf(model.precision), ...(model.file === undefined ? [] : [model.file])];

function editWire({ prompt, answer, rephrasings, subject, off, strength }: SharedEdit): Wire {
  const options = sparse({ s: subject, o: off ? 1 : undefined, x: strength });
  return [prompt, answer, ...rephrasings, ...options];
}

function restWire({ prompt, decoding, view, lesson, hidden, locked, expected }: LinkState): Wire[] {
  const places = (controls: readonly ControlId[]): Wire => {
    const sorted = [...new Set(controls)].map((id) => controlIds.indexOf(id)).sort((a, b) => a - b);
    return sorted.length === 0 ? undefined : sorted;
  };
  return sparse({
    p: prompt === "" ? undefined : prompt,
    d: decodingWire(decoding),
    v: view === null ? undefined : regionIds.indexOf(view),
    l: lesson === null ? undefined : [lessonIds.indexOf(lesson.id), lesson.step],
    h: places(hidden),
    k: places(locked),
    c: expected === null ? undefined : [expected.codes, expected.answers],
  });
}

const decodingKeys = [
  ["maxTokens", "m"],
  ["temperature", "t"],
  ["topK", "k"],
  ["topP", "p"],
  ["seed", "s"],
] as const;

function decodingWire(decoding: Partial<GenerateOptions>): Wire {
  const { options } = initialPrompt;
  const numbers = decodingKeys.map(([name, key]) => [key, decoding[name] === options[name] ? undefined : decoding[name]] as const);
  const sampled = decoding.decoding === "sampled" ? 1 : undefined;
  const whole = decoding.stopAtSentence === false ? 1 : undefined;
  return sparse({ ...Object.fromEntries(numbers), r: sampled, w: whole })[0];
}

/** @throws EngineError `bad-link` naming what is wrong */
export function fromWire(wire: Wire): LinkState {
  const [model, methodPlace, settings, seed, edits, rest] = readList(wire, "the link", 5, 6);
  const method = readPlace(methodPlace, "the method", sharedMethods);
  return {
    model: readModel(model),
    method,
    settings: longSettings(method, readRecord(settings, "the settings", Object.keys(settings ?? {}))),
    seed: readWhole(seed, "the seed", 0, MOST_32_BITS),
    edits: readList(edits, "the edits", 0, linkLimits.edits).map((edit, i) => readEdit(edit, `edit ${i + 1}`)),
    ...readRest(rest ?? {}),
  };
}

function readModel(wire: Wire): SharedModel {
  if (typeof wire === "number") return { kind: "built-in", variant: readPlace(wire, "the model", variants) };
  const [id, revision, precision, file] = readList(wire, "the model", 3, 4);
  const model = {
    kind: "hub",
    id: readName(id, "the model's repository", /^[\w][\w.-]*(?:\/[\w][\w.-]*)?$/),
    revision: readName(revision, "the model's revision", /^[\w][\w./-]*$/),
    precision: readPlace(precision, "the model's precision", precisions),
  } as const;
  return file === undefined ? model : { ...model, file: readName(file, "the model's file", /^[\w][\w ./+-]*\.gguf$/i) };
}

function readName(wire: Wire, what: string, form: RegExp): string {
  const name = readText(wire, what, linkLimits.nameCharacters, 1);
  if (!form.test(name) || name.includes("..")) throw badLink(`got ${JSON.stringify(name.slice(0, 40))} for ${what}.`);
  return name;
}

function readEdit(wire: Wire, what: string): SharedEdit {
  const fields = readList(wire, what, 2, linkLimits.rephrasings + 3);
  const [prompt, answer] = fields;
  const last = fields.at(-1);
  const hasOptions = typeof last === "object" && last !== null;
  const { s, o, x } = hasOptions ? readRecord(last, what, ["s", "o", "x"]) : {};
  const rephrasings = readList(fields.slice(2, hasOptions ? -1 : undefined), `the rephrasings of ${what}`, 0, linkLimits.rephrasings);
  const subject: Pick<SharedEdit, "subject"> =
    s === undefined ? {} : { subject: readText(s, `the subject of ${what}`, linkLimits.nameCharacters) };
  const strength = x === undefined ? {} : { strength: readNumber(x, `the strength of ${what}`, 0, MOST_STRENGTH) };
  return {
    prompt: readText(prompt, `the prompt of ${what}`, linkLimits.promptCharacters, 1),
    answer: readText(answer, `the answer of ${what}`, linkLimits.answerCharacters, 1),
    rephrasings: rephrasings.map((text) => readText(text, `a rephrasing of ${what}`, linkLimits.promptCharacters, 1)),
    ...subject,
    ...(o === undefined ? {} : { off: true }),
    ...strength,
  };
}

function readRest(wire: Wire): Pick<LinkState, "prompt" | "decoding" | "view" | "lesson" | "hidden" | "locked" | "expected"> {
  const { p, d, v, l, h, k, c } = readRecord(wire, "the link", ["p", "d", "v", "l", "h", "k", "c"]);
  const [lesson, step] = l === undefined ? [] : readList(l, "the lesson", 2, 2);
  const [codes, answers] = c === undefined ? [] : readList(c, "the checksums", 2, 2);
  return {
    prompt: p === undefined ? "" : readText(p, "the prompt", linkLimits.promptCharacters, 1),
    decoding: d === undefined ? {} : readDecoding(d),
    view: v === undefined ? null : readPlace(v, "the view", regionIds),
    lesson:
      l === undefined ? null : { id: readPlace(lesson, "the lesson", lessonIds), step: readWhole(step, "the step", 0, linkLimits.steps) },
    hidden: h === undefined ? [] : readPlaces(h, "the hidden controls", controlIds),
    locked: k === undefined ? [] : readPlaces(k, "the locked controls", controlIds),
    expected:
      c === undefined
        ? null
        : { codes: readWhole(codes, "a checksum", 0, MOST_32_BITS), answers: readWhole(answers, "a checksum", 0, MOST_32_BITS) },
  };
}

function readDecoding(wire: Wire): Partial<GenerateOptions> {
  const fields = readRecord(wire, "the decoding", [...decodingKeys.map(([, key]) => key), "r", "w"]);
  const numbers = decodingKeys.flatMap(([name, key]) => {
    const value = fields[key];
    if (value === undefined) return [];
    const { min, max, integer } = optionLimits[name];
    return [[name, (integer ? readWhole : readNumber)(value, name, min, max)] as const];
  });
  return {
    ...Object.fromEntries(numbers),
    ...(fields["r"] === undefined ? {} : { decoding: "sampled" as const }),
    ...(fields["w"] === undefined ? {} : { stopAtSentence: false }),
  };
}
