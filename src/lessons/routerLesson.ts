import { hammingDistance } from "../lib/hamming.ts";
import type { RoutedText } from "../store/acts.ts";
import type { Lesson, Seen } from "./lesson.ts";

/** The last two texts with codes of one length. */
function lastTwo({ acts, earlier }: Seen): readonly [RoutedText, RoutedText] | null {
  const [before, last] = [...earlier.routed, ...acts.routed].slice(-2);
  return before && last && before.code.length === last.code.length ? [before, last] : null;
}

function distanceSize(seen: Seen): string | null {
  const two = lastTwo(seen);
  if (!two) return null;
  const distance = hammingDistance(two[0].code, two[1].code);
  return distance === 0 ? "none" : distance === two[0].code.length ? "all" : "some";
}

/** The mixture and its router: probabilities, picks, and the code that they make. */
export const routerLesson: Lesson = {
  id: "router",
  paperMode: true,
  steps: [
    {
      id: "look",
      region: "routing",
      suggestion: { kind: "prompt", prompt: "Cairo is the capital of" },
      done: ({ acts }) => acts.routed.length > 0,
    },
    {
      id: "gates",
      region: "routing",
      suggestion: { kind: "prompt", prompt: "The currency of Poland is the" },
      question: { choices: ["one", "less", "k"], right: ({ acts }) => (acts.routed.length > 0 ? "less" : null) },
      done: ({ acts }) => acts.routed.length > 0,
      formula: "gates",
    },
    {
      id: "code",
      region: "scope",
      suggestion: { kind: "prompt", prompt: "People in Austria speak" },
      question: { choices: ["layers", "picked", "experts"], right: ({ acts }) => (acts.routed.length > 0 ? "picked" : null) },
      done: ({ acts }) => acts.routed.length > 0,
      formula: "code",
    },
    {
      id: "apart",
      region: "scope",
      suggestion: { kind: "prompt", prompt: "People in Brazil speak" },
      question: { choices: ["none", "some", "all"], right: distanceSize },
      done: (seen) => seen.acts.routed.length > 0 && lastTwo(seen) !== null,
      formula: "distance",
    },
  ],
};
