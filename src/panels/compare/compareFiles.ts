import { inkOf } from "../../charts/canvas.ts";
import { svgDocument } from "../../charts/exportChart.ts";
import { fitted } from "../../charts/gridPicture.ts";
import { svgPen } from "../../charts/pen.ts";
import type { ColumnMethod, CompareColumn, CompareQuestion } from "../../store/compareSlice.ts";
import type { Texts } from "../../texts/texts.ts";
import { formatProbability } from "../../ui/format.ts";
import { visibleToken } from "../tokenText.ts";

type Words = Texts["compare"];
type NameOf = (method: ColumnMethod) => string;

/** Answers that were asked about, in the order of `odds`. */
export function askedAnswers({ old, next }: CompareQuestion): { readonly kind: "old" | "next"; readonly answer: string }[] {
  const both = [
    { kind: "old" as const, answer: old },
    { kind: "next" as const, answer: next },
  ];
  return both.filter(({ answer }) => answer !== "");
}

/** All numbers of the columns, a row each: tokens of the text, the candidates at each place, tokens of the answers. */
export function compareRows(
  asked: CompareQuestion,
  columns: readonly CompareColumn[],
  nameOf: NameOf,
  words: Words,
): (string | number)[][] {
  const { csv, kinds } = words;
  const rows: (string | number)[][] = [[csv.method, csv.kind, csv.place, csv.token, csv.probability, csv.text]];
  for (const { method, answer } of columns) {
    if (!answer) continue;
    const name = nameOf(method);
    for (const [place, token] of answer.tokens.entries()) {
      rows.push([name, kinds.text, place + 1, token.text, token.probability, asked.prompt]);
      for (const { text, probability } of token.candidates) rows.push([name, kinds.candidate, place + 1, text, probability, asked.prompt]);
    }
    for (const [i, { kind, answer: text }] of askedAnswers(asked).entries())
      for (const [place, token] of (answer.odds[i]?.tokens ?? []).entries())
        rows.push([name, kinds[kind], place + 1, token.text, token.probability, text]);
  }
  return rows;
}

const WIDTH = 300;
const LINE = 18;

/** The columns as a picture: each one's text, the candidates at its first token, and the probabilities of the answers. */
export function compareSvg(
  root: Element | null,
  asked: CompareQuestion,
  columns: readonly CompareColumn[],
  nameOf: NameOf,
  words: Words,
): string | null {
  const context = document.createElement("canvas").getContext("2d");
  if (!root || !context) return null;
  const ink = inkOf(root);
  context.font = ink.font;
  const pen = svgPen((text) => context.measureText(text).width);
  let lowest = 0;
  for (const [at, { method, answer }] of columns.entries()) {
    const x = 12 + at * (WIDTH + 20);
    let y = 44;
    const say = (text: string, fill: string): void => {
      pen.text(fitted(pen, text, WIDTH), x, y, { fill, align: "left" });
      y += LINE;
    };
    const bar = (token: string, probability: number): void => {
      pen.text(fitted(pen, visibleToken(token), 96), x, y, { fill: ink.text, align: "left" });
      pen.rect(x + 104, y - 5, 130, 10, ink.named("--track"));
      pen.rect(x + 104, y - 5, 130 * probability, 10, ink.named("--series-1"));
      pen.text(formatProbability(probability), x + WIDTH, y, { fill: ink.text, align: "right" });
      y += LINE;
    };
    say(nameOf(method), ink.named("--text"));
    if (answer) {
      say(`${asked.prompt}${answer.text}`, ink.text);
      say(words.candidates[0], ink.faint);
      for (const { text, probability } of answer.tokens[0]?.candidates ?? []) bar(text, probability);
      for (const [i, { kind, answer: text }] of askedAnswers(asked).entries()) {
        say(`${words.kinds[kind]}: ${text}`, ink.faint);
        for (const token of answer.odds[i]?.tokens ?? []) bar(token.text, token.probability);
      }
    }
    lowest = Math.max(lowest, y);
  }
  pen.text(asked.prompt, 12, 18, { fill: ink.named("--text"), align: "left" });
  const size = { width: 12 + columns.length * (WIDTH + 20), height: lowest + 6 };
  const font = `font-size="11" font-family="${ink.family.replaceAll('"', "'")}"`;
  return svgDocument(pen.markup(), { title: `${words.export}: ${asked.prompt}`, ...size, background: ink.panel, font });
}
