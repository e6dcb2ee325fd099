/** What a person does to their edits on the page, drawn at random, with what the page shows when it is done. */
import type { Page } from "@playwright/test";
import { press, pressSwitch, startEdit } from "./labPage.ts";
import type { PageState } from "./pageProbe.ts";

export interface Act {
  readonly name: string;
  /** Rows of the page when it is done. */
  readonly after: readonly string[];
  /** Begins it. */
  start(page: Page): Promise<void>;
}

export interface ActDraw {
  readonly state: PageState;
  /** Rows before each change that this page can take back. */
  readonly history: readonly (readonly string[])[];
  /** Makes the words of an edit new. */
  readonly number: number;
  /** A whole number below another. */
  readonly draw: (below: number) => number;
}

const PLACES = ["France", "Japan", "Peru", "Kenya", "Norway", "Egypt", "Chile", "India", "Spain", "Cuba", "Ghana", "Nepal"] as const;
const ANSWERS = ["Lyon", "Kyoto", "Hamburg", "Boston", "Naples"] as const;
/** Then a new project is begun. */
const MOST_EDITS = 6;

/** Of every ten: five edits, three switches, one undo, one new project; an edit where that cannot be. */
export function drawAct({ state: { rows, canUndo }, history, number, draw }: ActDraw): Act {
  const drawn = draw(10);
  if (rows.length >= MOST_EDITS || (drawn === 9 && rows.length > 0)) {
    return { name: "new project", after: [], start: (page) => press(page, "New project") };
  }
  const before = history.at(-1);
  if (drawn === 8 && canUndo && before) return { name: "undo", after: before, start: (page) => press(page, "Undo") };
  if (drawn >= 5 && rows.length > 0) return switched(rows, draw(rows.length));
  const prompt = `The capital of ${PLACES[number % PLACES.length] ?? ""} is`;
  const answer = ANSWERS[number % ANSWERS.length] ?? "";
  return { name: "edit", after: [`${prompt} → ${answer}`, ...rows], start: (page) => startEdit(page, prompt, answer) };
}

function switched(rows: readonly string[], at: number): Act {
  const after = rows.map((row, index) => {
    if (index !== at) return row;
    return row.endsWith(OFF) ? row.slice(0, -OFF.length) : row + OFF;
  });
  return { name: "switch", after, start: (page) => pressSwitch(page, at) };
}

const OFF = ", off";
