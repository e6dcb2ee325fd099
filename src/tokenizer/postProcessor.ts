import type { AddedToken } from "./addedTokens.ts";
import { badTokenizer, brief, isObject, stepsOf, type Fields } from "./fields.ts";
import type { BpeModel } from "./vocabulary.ts";

/** Ids that stand before and after every text that is read with special tokens. */
export interface Frame {
  readonly before: readonly number[];
  readonly after: readonly number[];
}

type Known = Pick<BpeModel, "texts" | "ids"> & { readonly addedTokens: readonly AddedToken[] };
const empty: Frame = { before: [], after: [] };
const maxItems = 16;

/** @throws EngineError `bad-tokenizer` */
export function readPostProcessor(value: unknown, known: Known): Frame {
  return stepsOf("post_processor", value, "processors").reduce((frame, step) => {
    // Its offsets do not matter here; it adds no token.
    if (step.type === "ByteLevel") return frame;
    if (step.type !== "TemplateProcessing")
      throw badTokenizer(`got the post_processor ${brief(step)}, expected ByteLevel, TemplateProcessing, or a Sequence of these`);
    const outer = readTemplate(step, known);
    return { before: [...outer.before, ...frame.before], after: [...frame.after, ...outer.after] };
  }, empty);
}

function readTemplate({ single, special_tokens: tokens }: Fields, known: Known): Frame {
  if (!Array.isArray(single) || single.length > maxItems || !isObject(tokens))
    throw badTokenizer(
      `got a template of single ${brief(single)} and special_tokens ${brief(tokens)}, expected a list of at most ${maxItems} items and an object`,
    );
  const items = single as unknown[];
  const texts = items.flatMap((item, index) => (isObject(item) && isObject(item.Sequence) && item.Sequence.id === "A" ? [index] : []));
  const [text] = texts;
  if (text === undefined || texts.length > 1)
    throw badTokenizer(`got the template ${brief(single)} with ${texts.length} places for the text, expected one`);
  const idsOf = (item: unknown): readonly number[] => templateIds(item, tokens, known);
  return { before: items.slice(0, text).flatMap(idsOf), after: items.slice(text + 1).flatMap(idsOf) };
}

function templateIds(item: unknown, tokens: Fields, { texts, addedTokens }: Known): readonly number[] {
  const name = isObject(item) && isObject(item.SpecialToken) ? item.SpecialToken.id : undefined;
  const token = typeof name === "string" && Object.hasOwn(tokens, name) ? tokens[name] : undefined;
  const ids: unknown = isObject(token) ? token.ids : undefined;
  const isKnown = (id: unknown): id is number => typeof id === "number" && (texts.has(id) || addedTokens.some((added) => added.id === id));
  if (Array.isArray(ids) && ids.length <= maxItems && ids.every(isKnown)) return ids;
  throw badTokenizer(`got the template item ${brief(name ?? item)} with ids ${brief(ids)}, expected tokens that the vocabulary has`);
}

/**
 * What tokenizer_config.json says about the token in front counts more than the template, as in transformers. A token after the text is
 * left to the template: texts here are read to be continued.
 */
export function withBosToken(frame: Frame, config: Fields, idOf: (content: unknown) => number | undefined): Frame {
  const bos = idOf(config.bos_token);
  if (typeof config.add_bos_token !== "boolean" || bos === undefined) return frame;
  const rest = frame.before[0] === bos ? frame.before.slice(1) : frame.before;
  return { ...frame, before: config.add_bos_token ? [bos, ...rest] : rest };
}
