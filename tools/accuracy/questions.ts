import { EngineError } from "../../src/lib/errors.ts";

export interface Question {
  readonly prompt: string;
  readonly answer: string;
}

interface Facts {
  readonly relations: readonly { readonly id: string; readonly templates: readonly string[] }[];
  readonly facts: readonly { readonly relation: string; readonly subject: string; readonly answer: string }[];
}

/**
 * Prompts of `count` facts spread evenly over a facts.json, each in another of its relation's wordings.
 * @throws EngineError `fetch-failed` without the file, `bad-settings` when it is none
 */
export function questionsOf(bytes: Uint8Array | undefined, count: number): Question[] {
  if (!bytes) throw new EngineError("fetch-failed", "The reference folder has no facts.json.", "Build it with tools/atlas/build.sh.");
  const { relations, facts } = parse(bytes);
  const templates = new Map(relations.map(({ id, templates: own }) => [id, own]));
  const step = Math.max(1, facts.length / count);
  return Array.from({ length: Math.min(count, facts.length) }, (_, n) => {
    const fact = facts[Math.floor(n * step)];
    const own = templates.get(fact?.relation ?? "") ?? [];
    const template = own[n % own.length];
    if (!fact || template === undefined)
      throw new EngineError("bad-settings", "facts.json has a fact without a wording.", "Build it again.");
    return { prompt: fill(template, fact.subject), answer: fact.answer };
  });
}

function parse(bytes: Uint8Array): Facts {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as Facts;
  } catch (cause) {
    throw new EngineError("bad-settings", `facts.json is no JSON: ${String(cause)}`, "Build it again with tools/atlas/build.sh.", {
      cause,
    });
  }
}

const fill = (template: string, subject: string): string =>
  template.replaceAll("{s}", subject).replaceAll("{S}", subject.charAt(0).toUpperCase() + subject.slice(1));
