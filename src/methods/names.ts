/** What an edit is about, as words that a prompt has to have: the first of improved mode's two gates. */

/** Words that name nothing. */
const COMMON = new Set(
  "a an the of in on at to for from by with as and or is are was were be been it its this that these those who whom whose which what when where why how do does did has have had there here q called name s".split(
    " ",
  ),
);
/** From this many letters on, upper and lower case are the same throughout a name. */
const LONG = 4;

/** The words of a text: runs of letters and digits, in the case they have. The marks of question and answer, "Q:" and "A:", are none. */
export const wordsOf = (text: string): string[] => text.normalize("NFC").match(/(?![QA]:(?:\s|$))[\p{L}\p{M}\p{N}]+/gu) ?? [];

const isCommon = (word: string): boolean => COMMON.has(word.toLowerCase());

/** The form in which words of long names are compared, and all are listed. */
const folded = (word: string): string => word.toLowerCase();

/** Short names keep their case ("Fe", "A"), but for a capital where a sentence may begin with one ("ox", "Ox"). */
function sameWord(word: string, wanted: string, long: boolean): boolean {
  if (word === wanted) return true;
  if (long) return folded(word) === folded(wanted);
  return word.slice(1) === wanted.slice(1) && word.charAt(0) === wanted.charAt(0).toUpperCase();
}

/** Whether the words of a name stand in a text, one after another. Articles in front of the name do not count. */
export function hasName(words: readonly string[], name: readonly string[]): boolean {
  const last = words.length - name.length;
  const long = name.join("").length >= LONG;
  return [...words.keys()].some((at) => at <= last && name.every((wanted, i) => sameWord(words[at + i] ?? "", wanted, long)));
}

/** A subject as a name: without the articles in front; empty where nothing else is left. */
export function nameOf(subject: string): string[] {
  const words = wordsOf(subject);
  const from = words.findIndex((word) => !["the", "a", "an"].includes(word.toLowerCase()));
  // A letter can be a subject: "the letter A".
  return from === -1 ? words.slice(-1) : words.slice(from);
}

/**
 * What several phrasings of one piece of knowledge are about.
 * @param phrasings the prompt and its rephrasings
 * @param subject where it is known
 * @returns the name's words; empty where none can be told
 */
export function findName(phrasings: readonly string[], subject?: string): string[] {
  const texts = phrasings.map(wordsOf);
  const [first = [], ...others] = texts;
  if (subject !== undefined && subject.trim() !== "") {
    const name = nameOf(subject);
    if (name.length > 0 && hasName(first, name)) return name;
  }
  return others.length > 0 ? commonRun(first, others) : capitalRun(first);
}

/** The longest run of words that all texts have, common words at its ends left out. */
function commonRun(first: readonly string[], others: readonly (readonly string[])[]): string[] {
  let best: string[] = [];
  for (let from = 0; from < first.length; from++) {
    for (let to = from + 1; to <= first.length; to++) {
      const run = first.slice(from, to);
      if (isCommon(run[0] ?? "") || isCommon(run.at(-1) ?? "") || weightOf(run) <= weightOf(best)) continue;
      if (others.every((words) => hasName(words, run))) best = run;
    }
  }
  return best;
}

/** Names have capitals and digits; what is written small may be the relation ("capital"). */
const weightOf = (run: readonly string[]): number =>
  run.reduce((sum, word) => sum + (isCommon(word) ? 0 : /^[\p{Lu}\p{N}]/u.test(word) ? 10 + word.length : 1), 0);

/** The longest run of words with capitals or digits after the first word. */
function capitalRun(words: readonly string[]): string[] {
  const runs: string[][] = [];
  let open: string[] | undefined;
  for (const word of words.slice(1)) {
    if (/^[\p{Lu}\p{N}]/u.test(word)) {
      if (!open) runs.push((open = []));
      open.push(word);
    } else open = undefined;
  }
  const start = words[0] ?? "";
  // A text that begins with a name: "Paris is a city in".
  if (runs.length === 0 && /^\p{Lu}/u.test(start) && !isCommon(start)) return [start];
  return runs.reduce((best, run) => (weightOf(run) > weightOf(best) ? run : best), []);
}

/** Names of edits, found by their words without looking at every edit. */
export interface NameIndex {
  add(edit: number, name: readonly string[]): void;
  remove(edit: number): void;
  /** Edits whose name stands in the text, and those without a name, ascending. */
  candidates(text: string): number[];
}

export function createNameIndex(): NameIndex {
  const names = new Map<number, readonly string[]>();
  const byFirst = new Map<string, Set<number>>();
  const nameless = new Set<number>();
  return {
    add(edit, name) {
      names.set(edit, name);
      const key = name[0] === undefined ? undefined : folded(name[0]);
      if (key === undefined) nameless.add(edit);
      else (byFirst.get(key) ?? byFirst.set(key, new Set()).get(key))?.add(edit);
    },
    remove(edit) {
      names.delete(edit);
      nameless.delete(edit);
      for (const edits of byFirst.values()) edits.delete(edit);
    },
    candidates(text) {
      const words = wordsOf(text);
      const listed = new Set(words.flatMap((word) => [...(byFirst.get(folded(word)) ?? [])]));
      const named = [...listed].filter((edit) => hasName(words, names.get(edit) ?? []));
      return [...named, ...nameless].sort((a, b) => a - b);
    },
  };
}
