import dxShader from "../../shaders/linear_dx.wgsl?raw";
import experts from "../../shaders/tile_experts.wgsl?raw";
import forwardShader from "../../shaders/linear.wgsl?raw";
import noExperts from "../../shaders/tile_experts_none.wgsl?raw";
import tileShader from "../../shaders/tile.wgsl?raw";
import { defineKernel, f32 } from "../gpu/defineKernel.ts";
import {
  backwardReference,
  checkLinear,
  defineFamily,
  familyKernels,
  forwardReference,
  linearFlops,
  linearUniforms,
  termOperands,
  type LinearKernel,
  type Term,
} from "./linearKernel.ts";
import { weightOperands, weightShader, type Weight, type WeightFormat } from "./weight.ts";

/** Products through workgroup memory: "square" reuses most, "wide" wastes least where rows are few. */
type Tile = "square" | "wide";
const TILES = { square: { rows: 64, columns: 64 }, wide: { rows: 16, columns: 128 } } as const;
/** Up to this many rows the wide tile is used: with square ones most of a GPU would idle. */
const WIDE_TO_ROWS = 64;

/** Two roundings to 11 bits; over the largest value of a result at most 3.4e-4 was measured on lavapipe. */
const HALF_TOLERANCE = 1e-3;

const pieces = (format: WeightFormat, term: Term, tile: Tile, value: "f32" | "f16", product: string): string =>
  [
    `alias Value = ${value};`,
    `const TILE_ROWS = ${TILES[tile].rows};`,
    `const TILE_COLUMNS = ${TILES[tile].columns};`,
    weightShader(format),
    term === "base" ? noExperts : experts,
    tileShader,
    product,
  ].join("\n");

const grid = (tile: Tile, rows = 0, columns = 0): [number, number, number] => [
  Math.ceil(columns / TILES[tile].columns),
  Math.ceil(rows / TILES[tile].rows),
  1,
];

const defineForward = (tile: Tile) => (format: WeightFormat, term: Term) =>
  defineKernel<string, string>({
    name: `Linear/${format}/${term}/${tile}`,
    shader: pieces(format, term, tile, "f32", forwardShader),
    variants: { f16: pieces(format, term, tile, "f16", forwardShader) },
    tolerance: { f16: HALF_TOLERANCE },
    inputs: { x: f32("N", "I"), ...weightOperands(format), bias: f32("O"), ...termOperands(term, "O") },
    output: f32("N", "O"),
    uniforms: linearUniforms(format, term),
    workgroup: 128,
    dispatch: ({ N, O }) => grid(tile, N, O),
    flops: linearFlops,
    check: checkLinear(format),
    reference: forwardReference(format),
  });

// Gradients stay in float32: those of a mean loss lie below what float16 can hold.
const defineBackward = (tile: Tile) => (format: WeightFormat, term: Term) =>
  defineKernel<string, string>({
    name: `LinearDx/${format}/${term}/${tile}`,
    shader: pieces(format, term, tile, "f32", dxShader),
    inputs: { dy: f32("N", "O"), ...weightOperands(format), ...termOperands(term, "I") },
    output: f32("N", "I"),
    uniforms: linearUniforms(format, term),
    workgroup: 128,
    dispatch: ({ N, I }) => grid(tile, N, I),
    flops: linearFlops,
    check: checkLinear(format),
    reference: backwardReference(format),
  });

const forward = { square: defineFamily(defineForward("square")), wide: defineFamily(defineForward("wide")) };
const backward = { square: defineFamily(defineBackward("square")), wide: defineFamily(defineBackward("wide")) };

export const tiledKernels: readonly LinearKernel[] = [forward, backward].flatMap(Object.values<typeof forward.wide>).flatMap(familyKernels);

const tileFor = (rows: number): Tile => (rows <= WIDE_TO_ROWS ? "wide" : "square");

export const tiledForward = ({ format }: Weight, rows: number, term: Term): LinearKernel => forward[tileFor(rows)][format][term];
export const tiledBackward = ({ format }: Weight, rows: number, term: Term): LinearKernel => backward[tileFor(rows)][format][term];
