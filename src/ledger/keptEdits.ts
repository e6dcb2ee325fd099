/** Edits as they come back from a file: strangers write files too. */
import { EngineError } from "../lib/errors.ts";
import { STRENGTHS, type EditFacts, type Standing } from "./edits.ts";

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === "string" && value.length <= 100_000;
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText);
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
const isNumbers = (value: unknown): boolean => Array.isArray(value) && value.every(isCount);
const isRows = (value: unknown): boolean => Array.isArray(value) && value.every(isNumbers);
const isFinite = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);
const isFlag = (value: unknown): value is boolean => typeof value === "boolean";

const isStep = (value: unknown): boolean =>
  isFields(value) &&
  isCount(value["step"]) &&
  isCount(value["steps"]) &&
  [value["lmLoss"], value["guidedLoss"]].every((loss) => loss === null || isFinite(loss));

const isStanding = (value: unknown): value is Standing =>
  isFields(value) &&
  isFlag(value["holds"]) &&
  isFinite(value["probability"]) &&
  (value["lostSince"] === null || isCount(value["lostSince"]));

const isStrength = (value: unknown): boolean => isFinite(value) && value >= STRENGTHS[0] && value <= STRENGTHS[1];

/** What each field must be. */
const CHECKS: Readonly<Record<keyof Required<EditFacts>, (value: unknown) => boolean>> = {
  id: (value) => isCount(value) && value > 0,
  prompt: isText,
  answer: isText,
  rephrasings: isTexts,
  subject: (value) => value === undefined || isText(value),
  baseAnswer: isText,
  allocation: (value) => value === null || isRows(value),
  codes: isRows,
  curve: (value) => Array.isArray(value) && value.every(isStep),
  seconds: isFinite,
  answerAfter: isText,
  holds: isFlag,
  on: isFlag,
  strength: isStrength,
  standing: (value) => value === null || isStanding(value),
};

/** @throws EngineError `bad-project` for what is no list of edits in the order of editing */
export function readEdits(value: unknown): readonly EditFacts[] {
  if (!Array.isArray(value)) throw wrong("no list of edits");
  let last = 0;
  for (const [at, edit] of value.entries()) {
    if (!isFields(edit)) throw wrong(`no edit at place ${at + 1}`);
    const bad = Object.entries(CHECKS).find(([field, check]) => !check(edit[field]))?.[0];
    if (bad !== undefined) throw wrong(`an edit at place ${at + 1} whose “${bad}” is none`);
    if (Number(edit["id"]) <= last) throw wrong(`edits that are not in order at place ${at + 1}`);
    last = Number(edit["id"]);
  }
  return value as readonly EditFacts[];
}

const wrong = (what: string): EngineError =>
  new EngineError(
    "bad-project",
    `Got ${what} in a project, expected edits as this page keeps them.`,
    "Export the project again where it was made.",
  );
