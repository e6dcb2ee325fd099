import { createElement } from "react";
import type { ReactElement } from "react";
import type { FormulaId } from "../../lessons/formulas.ts";

// MathML Core, which browsers draw and screen readers read. One letter for one thing, as in the method's own text.

const i = (name: string): ReactElement => createElement("mi", null, name);
const o = (sign: string): ReactElement => createElement("mo", null, sign);
const n = (number: string): ReactElement => createElement("mn", null, number);
const t = (text: string): ReactElement => createElement("mtext", null, text);
const row = (...parts: readonly ReactElement[]): ReactElement => createElement("mrow", null, ...parts);
const sub = (base: ReactElement, below: ReactElement): ReactElement => createElement("msub", null, base, below);
const sup = (base: ReactElement, above: ReactElement): ReactElement => createElement("msup", null, base, above);
const fraction = (over: ReactElement, under: ReactElement): ReactElement => createElement("mfrac", null, over, under);
const sumOver = (sign: string, under: ReactElement): ReactElement => createElement("munder", null, o(sign), under);

const lossLm = sub(i("L"), t("LM"));
const lossGuided = sub(i("L"), t("guided"));

const marks: Readonly<Record<FormulaId, ReactElement>> = {
  token: row(i("p"), o("="), fraction(sup(i("e"), sub(i("z"), i("i"))), row(sumOver("∑", i("j")), sup(i("e"), sub(i("z"), i("j")))))),
  answer: row(
    i("p"),
    o("="),
    sumOver("∏", i("t")),
    i("p"),
    o("("),
    sub(i("y"), i("t")),
    o("|"),
    i("x"),
    o(","),
    sub(i("y"), row(o("<"), i("t"))),
    o(")"),
  ),
  loss: row(i("L"), o("="), lossLm, o("+"), i("λ"), lossGuided),
  scope: row(i("d"), o("="), sumOver("min", i("m")), i("H"), o("("), i("c"), o(","), sub(i("c"), i("m")), o(")"), o("<"), i("ε")),
  gates: row(i("s"), o("="), i("softmax"), o("("), sub(i("W"), i("r")), i("q"), o("+"), sub(i("b"), i("r")), o(")")),
  code: row(
    i("c"),
    o("∈"),
    sup(row(o("{"), n("0"), o(","), n("1"), o("}")), row(i("L"), o("·"), i("N"))),
    o(","),
    sumOver("∑", i("j")),
    sub(i("c"), i("j")),
    o("="),
    i("L"),
    o("·"),
    i("k"),
  ),
  distance: row(
    i("H"),
    o("("),
    i("c"),
    o(","),
    i("c′"),
    o(")"),
    o("="),
    sumOver("∑", i("j")),
    o("|"),
    sub(i("c"), i("j")),
    o("−"),
    sub(i("c′"), i("j")),
    o("|"),
  ),
  apart: row(i("E"), o("["), i("H"), o("]"), o("="), n("2"), i("L"), i("k"), o("("), n("1"), o("−"), fraction(i("k"), i("N")), o(")")),
  reliability: row(
    i("R"),
    o("="),
    fraction(n("1"), i("n")),
    sumOver("∑", i("m")),
    o("["),
    sub(i("ŷ"), i("m")),
    o("="),
    sub(i("y"), i("m")),
    o("]"),
  ),
};

/** A formula as MathML. */
export const formulaMark = (id: FormulaId): ReactElement => createElement("math", { display: "block" }, marks[id]);
