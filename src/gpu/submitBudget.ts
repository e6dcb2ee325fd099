/** How much work one submit may hold: Windows resets a GPU whose work does not end within two seconds. */
import type { Tensor } from "./tensors.ts";

/** Floating-point operations, and bytes of what is read and written, each taken once. */
export interface Work {
  readonly flops: number;
  readonly bytes: number;
}

/** The slowest GPU that counts, an integrated one: a second's operations and bytes. */
const SLOW_GPU: Work = { flops: 1e12, bytes: 5e10 };

/** Seconds on the slow GPU, if nothing overlaps. */
export const secondsOf = ({ flops, bytes }: Work): number => flops / SLOW_GPU.flops + bytes / SLOW_GPU.bytes;

/** What is aimed at; a twentieth of what Windows allows is 0.1. */
const SUBMIT_SECONDS = 0.08;
let most = SUBMIT_SECONDS;

/** Sets what a submit may take, in seconds on the slow GPU: for tests, and for the harness that plants a dispatcher without bounds. */
export function limitSubmits(seconds = SUBMIT_SECONDS): void {
  most = seconds;
}

/** A part of a dispatch's grid that is submitted by itself. */
export interface Piece {
  /** Place of its first workgroup in the grid, along x and y. */
  readonly first: readonly [x: number, y: number];
  readonly grid: readonly [number, number, number];
  readonly seconds: number;
}

/** The pieces of a dispatch, none longer than a submit may be; cut along the longer of x and y. */
export function piecesOf(grid: Piece["grid"], work: Work): Piece[] {
  const seconds = secondsOf(work);
  const [x, y, z] = grid;
  const along = x > y ? x : y;
  const step = Math.max(1, Math.floor((along * most) / seconds));
  if (!(step < along)) return [{ first: [0, 0], grid, seconds }];
  return Array.from({ length: Math.ceil(along / step) }, (_, i) => {
    const from = i * step;
    const groups = Math.min(step, along - from);
    const share = (seconds * groups) / along;
    return x > y ? { first: [from, 0], grid: [groups, y, z], seconds: share } : { first: [0, from], grid: [x, groups, z], seconds: share };
  });
}

/** Pieces in order, as many a batch as one submit may hold. */
export function batchesOf<T extends Pick<Piece, "seconds">>(pieces: readonly T[]): T[][] {
  const batches: T[][] = [];
  let held = 0;
  for (const piece of pieces) {
    if (batches.length === 0 || held + piece.seconds > most) {
      batches.push([]);
      held = 0;
    }
    batches.at(-1)?.push(piece);
    held += piece.seconds;
  }
  return batches;
}

type Sized = Pick<Tensor, "shape">;
/** The members of TF.js's backend that encode and submit; its types call some of them private. */
interface Encoding {
  ensureCommandEncoderReady(): void;
  endComputePassEncoder(): void;
  submitQueue(): void;
  recordAndSubmit(program: { readonly shaderKey: string }, output: Sized, inputs: readonly Sized[], uniforms: unknown): void;
}

/** Seconds of what has been encoded and not submitted. */
const pending = new WeakMap<object, number>();

/** From now on TF.js's own programs are counted as well, and submitted before they are too much together. */
export function boundSubmits(backend: object): void {
  const own = backend as Encoding;
  const { submitQueue, recordAndSubmit } = own;
  own.submitQueue = () => {
    pending.set(own, 0);
    submitQueue.call(own);
  };
  own.recordAndSubmit = (program, output, inputs, uniforms) => {
    reserve(own, secondsOf(stockWork(program.shaderKey, output, inputs)));
    recordAndSubmit.call(own, program, output, inputs, uniforms);
  };
}

/** Counts work that is encoded next; what waits goes first where both would be too much for one submit. */
export function reserve(backend: object, seconds: number): void {
  const waiting = pending.get(backend) ?? 0;
  if (waiting > 0 && waiting + seconds > most) flush(backend);
  pending.set(backend, (pending.get(backend) ?? 0) + seconds);
}

/** Submits what has been encoded. */
export function flush(backend: object): void {
  const own = backend as Encoding;
  own.ensureCommandEncoderReady();
  own.endComputePassEncoder();
  own.submitQueue();
}

/** Work of a program of TF.js: of a product (M, I)(I, N) the root of its three sizes' product is MIN; others pass over what they read. */
export function stockWork(shaderKey: string, output: Sized, inputs: readonly Sized[]): Work {
  const sizes = [output, ...inputs].map(({ shape }) => shape.reduce((a, b) => a * b, 1));
  const elements = sizes.reduce((a, b) => a + b, 0);
  const [result = 0, a = 0, b = 0] = sizes;
  const product = /matmul/i.test(shaderKey) ? 2 * Math.sqrt(result * a * b) : 0;
  return { flops: elements + product, bytes: 4 * elements };
}
