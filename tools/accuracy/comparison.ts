import type { TokenBatch } from "../../src/editing/trainingBatch.ts";

/** KL(float32 ‖ packed) in nats, and how often both have the same most probable token. */
export interface Figures {
  readonly positions: number;
  readonly meanKl: number;
  readonly maxKl: number;
  readonly agreement: number;
}

export interface Comparison {
  /** @param exact, packed logits (B * T, V) of the same batch */
  add(exact: Float32Array, packed: Float32Array, batch: TokenBatch): void;
  /** At every token, and where the next token belongs to the answer. */
  figures(): { readonly all: Figures; readonly answers: Figures };
}

export function createComparison(): Comparison {
  const all = createTotals();
  const answers = createTotals();
  return {
    add(exact, packed, { batch, length, mask, labels }) {
      const width = exact.length / (batch * length);
      for (let n = 0; n < batch * length; n++) {
        if (mask[n] !== 1) continue;
        const row = compareRow(exact.subarray(n * width, (n + 1) * width), packed.subarray(n * width, (n + 1) * width));
        all.add(row);
        const isLast = n % length === length - 1;
        if (!isLast && (labels[n + 1] ?? -1) >= 0) answers.add(row);
      }
    },
    figures: () => ({ all: all.figures(), answers: answers.figures() }),
  };
}

interface Row {
  readonly kl: number;
  readonly agrees: boolean;
}

function createTotals() {
  let [positions, sum, maxKl, agreed] = [0, 0, 0, 0];
  return {
    add({ kl, agrees }: Row) {
      positions += 1;
      sum += kl;
      // A NaN must show.
      maxKl = kl <= maxKl ? maxKl : kl;
      agreed += Number(agrees);
    },
    figures: (): Figures => ({ positions, meanKl: sum / positions, maxKl, agreement: agreed / positions }),
  };
}

/** KL(softmax(p) ‖ softmax(q)) in float64. */
export function compareRow(p: ArrayLike<number>, q: ArrayLike<number>): Row {
  const [a, b] = [logNormaliser(p), logNormaliser(q)];
  let kl = 0;
  for (let v = 0; v < p.length; v++) {
    const logP = (p[v] ?? NaN) - a.log;
    kl += Math.exp(logP) * (logP - ((q[v] ?? NaN) - b.log));
  }
  return { kl, agrees: a.best === b.best };
}

function logNormaliser(logits: ArrayLike<number>): { log: number; best: number } {
  let best = 0;
  for (let v = 1; v < logits.length; v++) if ((logits[v] ?? NaN) > (logits[best] ?? NaN)) best = v;
  let total = 0;
  for (let v = 0; v < logits.length; v++) total += Math.exp((logits[v] ?? NaN) - (logits[best] ?? 0));
  return { log: (logits[best] ?? 0) + Math.log(total), best };
}

/** A Markdown table of several weights' figures. */
export function tableOf(rows: readonly { name: string; figures: ReturnType<Comparison["figures"]> }[], texts: number): string {
  const lines = rows.flatMap(({ name, figures }) =>
    (["all", "answers"] as const).map((where) => {
      const { positions, meanKl, maxKl, agreement } = figures[where];
      const place = where === "all" ? "every token" : "the answer's tokens";
      return `| ${name} | ${place} | ${positions} | ${meanKl.toExponential(2)} | ${maxKl.toExponential(2)} | ${(100 * agreement).toFixed(2)} % |`;
    }),
  );
  return [
    `KL(float32 ‖ packed) of the next token, nats, over ${texts} prompts with their answers:`,
    "",
    "| weights | at | places | mean KL | max KL | same first choice |",
    "|---|---|---|---|---|---|",
    ...lines,
  ].join("\n");
}
