import { useState } from "react";
import { readNumber } from "../store/numberText.ts";
import type { NumberIssue, NumberLimits } from "../store/numberText.ts";
import { texts } from "./texts.ts";

export function issueText(issue: NumberIssue | { readonly kind: "missing" }): string {
  if (issue.kind === "too-small") return texts.issues.tooSmall(issue.limit);
  if (issue.kind === "too-large") return texts.issues.tooLarge(issue.limit);
  return texts.issues[issue.kind];
}

export interface NumberInput {
  readonly value: string;
  readonly error: string | undefined;
  readonly onChange: (text: string) => void;
}

/** A number field whose text may be unfinished: only readable numbers reach `accept`, the last of them stays in force. */
export function useNumberInput(value: number, limits: NumberLimits, accept: (value: number) => void): NumberInput {
  const [text, setText] = useState(String(value));
  const [error, setError] = useState<string | undefined>(undefined);
  const onChange = (typed: string): void => {
    setText(typed);
    const reading = readNumber(typed, limits);
    setError("issue" in reading ? issueText(reading.issue) : undefined);
    if ("value" in reading) accept(reading.value);
  };
  return { value: text, error, onChange };
}
