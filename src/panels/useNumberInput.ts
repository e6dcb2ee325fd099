import { useState } from "react";
import { withDecimalSign } from "../lib/locale.ts";
import { readNumber } from "../store/numberText.ts";
import type { NumberIssue, NumberLimits } from "../store/numberText.ts";
import type { Texts } from "../texts/texts.ts";
import { useTexts } from "../texts/useTexts.ts";

export function issueText(issue: NumberIssue | { readonly kind: "missing" }, words: Texts["issues"]): string {
  if (issue.kind === "too-small") return words.tooSmall(issue.limit);
  if (issue.kind === "too-large") return words.tooLarge(issue.limit);
  return words[issue.kind];
}

export interface NumberInput {
  readonly value: string;
  readonly error: string | undefined;
  readonly onChange: (text: string) => void;
}

/** A number field whose text may be unfinished: only readable numbers reach `accept`, the last of them stays in force. */
export function useNumberInput(value: number, limits: NumberLimits, accept: (value: number) => void): NumberInput {
  const [text, setText] = useState(String(value));
  const [issue, setIssue] = useState<NumberIssue | undefined>(undefined);
  const words = useTexts().issues;
  const onChange = (typed: string): void => {
    setText(typed);
    const reading = readNumber(typed, limits);
    setIssue("issue" in reading ? reading.issue : undefined);
    if ("value" in reading) accept(reading.value);
  };
  return { value: withDecimalSign(text), error: issue && issueText(issue, words), onChange };
}
