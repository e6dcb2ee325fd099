import type { AnswerColumn } from "./answersSlice.ts";
import type { LabState } from "./labStore.ts";

/** An answer that came to its end. */
export interface DoneAnswer {
  readonly column: AnswerColumn;
  readonly prompt: string;
  readonly text: string;
  /** Of the first token, and of the whole answer: the product over its tokens. */
  readonly first: number;
  readonly whole: number;
  /** Null before any edit. */
  readonly nearestEdit: number | null;
  readonly distance: number | null;
  readonly threshold: number;
  readonly inScope: boolean;
  /** How many edits there were. */
  readonly edits: number;
}

/** A text that was routed, with its allocation code. */
export interface RoutedText {
  readonly text: string;
  readonly code: readonly number[];
}

/** What the learner did, in order, as far as lessons ask about it. Plain data. */
export interface Acts {
  readonly answers: readonly DoneAnswer[];
  readonly routed: readonly RoutedText[];
  /** Edits made and edits taken away, by number. */
  readonly made: readonly number[];
  readonly gone: readonly number[];
  readonly linksCopied: number;
}

export const noActs: Acts = { answers: [], routed: [], made: [], gone: [], linksCopied: 0 };

/** Of each kind: more than a lesson looks at. */
const MOST_KEPT = 64;
const added = <T>(list: readonly T[], more: readonly T[]): readonly T[] =>
  more.length === 0 ? list : [...list, ...more].slice(-MOST_KEPT);

/** One after the other. */
export function joinedActs(first: Acts, then: Acts): Acts {
  return {
    answers: added(first.answers, then.answers),
    routed: added(first.routed, then.routed),
    made: added(first.made, then.made),
    gone: added(first.gone, then.gone),
    linksCopied: first.linksCopied + then.linksCopied,
  };
}

/** What happened between two states; the same `acts` where nothing did. */
export function actsAfter(acts: Acts, before: LabState, after: LabState): Acts {
  const ids = (state: LabState): readonly number[] => state.edit.edits.map(({ id }) => id);
  const without = (some: readonly number[], others: readonly number[]): number[] => some.filter((id) => !others.includes(id));
  const edited = before.edit.edits !== after.edit.edits;
  const next: Acts = {
    answers: added(acts.answers, answersDone(before, after)),
    routed: added(acts.routed, textsRouted(before, after, acts.routed.at(-1))),
    made: added(acts.made, edited ? without(ids(after), ids(before)) : []),
    gone: added(acts.gone, edited ? without(ids(before), ids(after)) : []),
    linksCopied: acts.linksCopied + after.link.copied - before.link.copied,
  };
  const same = (Object.keys(next) as (keyof Acts)[]).every((kind) => next[kind] === acts[kind]);
  return same ? acts : next;
}

function answersDone(before: LabState, after: LabState): DoneAnswer[] {
  return (["base", "edited"] as const).flatMap((column) => {
    const answer = after.answers[column];
    if (answer.status !== "done" || before.answers[column].status === "done") return [];
    const { prompt, text, tokens, scope } = answer;
    const whole = tokens.reduce((product, { probability }) => product * probability, 1);
    const { nearestEdit = null, distance = null, threshold = 0, inScope = false } = scope ?? {};
    return [
      {
        column,
        prompt,
        text,
        first: tokens[0]?.probability ?? 0,
        whole,
        nearestEdit,
        distance,
        threshold,
        inScope,
        edits: after.edit.edits.length,
      },
    ];
  });
}

function textsRouted(before: LabState, after: LabState, last: RoutedText | undefined): RoutedText[] {
  const { status, text, scope } = after.routing;
  if (before.routing === after.routing || status !== "current" || !scope || text === last?.text) return [];
  return [{ text, code: scope.code }];
}
