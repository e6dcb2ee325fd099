import { badTokenizer } from "./fields.ts";

/** Every token is tried at each of its cuts; beyond this many characters the vocabulary is none that was trained. */
const maxWork = 1 << 27;

/**
 * The merges of a SentencePiece byte-pair model, which keeps only how well each token scores: a token comes from each two others that
 * make it up, the best score first. Equal scores (Llama 2's runs of blanks) are sorted by the parts' ids, as the tokenizer.json files of
 * Llama 2 have them; SentencePiece itself then takes the leftmost pair, which gives the same tokens.
 * @param ids tokens that may be merged or come of it, by text
 * @param scores by id; the highest is merged first
 * @throws EngineError `bad-tokenizer`
 */
export function mergesFromScores(ids: ReadonlyMap<string, number>, scores: readonly number[]): readonly (readonly [string, string])[] {
  const merges: { readonly parts: readonly [string, string]; readonly score: number; readonly left: number; readonly right: number }[] = [];
  let work = 0;
  for (const [token, id] of ids) {
    work += token.length * token.length;
    if (work > maxWork) throw badTokenizer("got tokens too long to find their merges, expected words and parts of words");
    for (let cut = 1; cut < token.length; cut++) {
      const parts = [token.slice(0, cut), token.slice(cut)] as const;
      const left = ids.get(parts[0]);
      const right = left === undefined ? undefined : ids.get(parts[1]);
      if (left !== undefined && right !== undefined) merges.push({ parts, score: scores[id] ?? 0, left, right });
    }
  }
  return merges.sort((a, b) => b.score - a.score || a.left - b.left || a.right - b.right).map(({ parts }) => parts);
}
