import type { Sizes } from "../gpu/defineKernel.ts";
import { isPacked, PER_WORD, scaleWords, type WeightFormat } from "./weight.ts";

/** Axes and uniforms of a weight besides O. Long rows have groups of 16, as GGUF's Q6_K has. */
function weightSizes(format: WeightFormat, O: number, I: number): Sizes {
  if (format === "f32") return {};
  const W = I / PER_WORD[format];
  const G = I === 1024 ? 16 : 32;
  return isPacked(format) ? { W, G, S: scaleWords(format, (O * I) / G) } : { W };
}

/** Rows, inputs, outputs. Packed weights come in groups of 32, those of f16 in pairs. */
const PACKED_SIZES = [
  [1, 32, 1],
  [57, 96, 57],
  [5, 1024, 33],
  [40, 64, 130],
] as const;
const FORMAT_SIZES: Readonly<Record<WeightFormat, readonly (readonly [number, number, number])[]>> = {
  f32: [
    [1, 1, 1],
    [57, 57, 57],
    [5, 1001, 33],
    [64, 64, 128],
  ],
  f16: [
    [1, 2, 1],
    [57, 58, 57],
    [5, 1002, 33],
    [64, 64, 128],
  ],
  int8: PACKED_SIZES,
  int4: PACKED_SIZES,
  int4m: PACKED_SIZES.slice(1),
};

const mixtureSizes = (N: number): Sizes =>
  N === 130 ? { B: 5, E: 6, R: 48, scale: 0.5 } : { B: N === 57 ? 3 : 1, E: 4, R: 12, scale: 0.5 };

/** What the embeddings ask for besides the weight: rows of a whole table, or of a part of one. */
function lookup(kind: string | undefined, N: number, O: number): Sizes {
  const first = N === 57 ? 20 : 0;
  if (kind === "Embed") return { first };
  // The last case asks for a row of another part.
  return kind === "DecodeEmbed" ? { M: 2, which: N === 1 ? 0 : 1, first: N === 5 ? O : first } : {};
}

/** Of the products and the embedding, named kind/format/term/shape. */
export function linearCases(name: string): readonly Sizes[] {
  const [kind, format, term, shape] = name.split("/");
  const sizes = FORMAT_SIZES[format as WeightFormat];
  // The direct products read eight weights at once, those of a single row sixteen.
  const whole = (size: number, unit: number): number => Math.ceil(size / unit) * unit;
  const unit = { direct: 8, eight: 8, single: 16 }[shape ?? ""] ?? 1;
  const outputs = unit > 1 && shape !== "eight" && (kind === "LinearDx" || term === "mixture") ? 4 : 1;
  // More than a tile of rows, and of the mixture's ranks.
  const tall = shape === "square" || shape === "wide" ? [[130, 64, 70] as const] : [];
  return [...sizes, ...tall].map(([N, inner, outer]) => {
    const I = whole(inner, unit);
    const O = whole(outer, outputs);
    return {
      ...lookup(kind, N, O),
      ...(kind === "DecodeEmbed" ? { I, O } : { N, I, O }),
      ...weightSizes(format as WeightFormat, O, I),
      ...(term === "mixture" ? mixtureSizes(N) : {}),
    };
  });
}

/** Every epilogue, and every activation in it. */
const DECODE: readonly Sizes[] = [
  { I: 32, O: 1, R: 4, K: 1, M: 1, epilogue: 0, kind: 0 },
  { I: 96, O: 57, R: 24, K: 2, M: 6, epilogue: 1, kind: 0 },
  { I: 1024, O: 33, R: 48, K: 4, M: 16, epilogue: 2, kind: 1 },
  { I: 64, O: 1001, R: 24, K: 3, M: 24, epilogue: 3, kind: 3 },
];

/** Of the decoding products, named kind/format/term/shape. */
export function decodeCases(name: string): readonly Sizes[] {
  const [, format, term, shape] = name.split("/");
  // Only the last takes any number of inputs.
  const odd = shape === "any" && !isPacked(format as WeightFormat);
  return DECODE.map(({ I: whole = 0, O = 0, epilogue = 0, kind = 0, R = 0, K = 0, M = 0 }) => {
    const I = odd ? whole - 2 : whole;
    return {
      I,
      O,
      epilogue,
      kind,
      ...weightSizes(format as WeightFormat, O, I),
      ...(term === "mixture" ? { R, K, M, scale: 0.5 } : {}),
    };
  });
}
