import type { RoutingRows, RoutingTrace, TokenPiece } from "../engine/protocol.ts";

/** The routing on show. Row-major (T, L, N); the arrays may be longer than T rows. */
export interface RoutingFrame {
  readonly pieces: readonly TokenPiece[];
  readonly layers: readonly number[];
  readonly experts: number;
  readonly probabilities: Float32Array;
  readonly picked: Uint8Array;
  /** Bits to the nearest edit's code, for the prompt's tokens; null where there is no edit. */
  readonly nearest: readonly (number | null)[];
  /** Index of the column that decides: the prompt's last token. */
  readonly decidingToken: number;
  /** The edit whose own each expert is, (N); absent where edits share experts. */
  readonly owners?: readonly number[] | undefined;
  /** The largest of the probabilities. */
  readonly largest: number;
  /** The same object while rows are only added. */
  readonly origin: object;
}

/** Holds the rows that are too large for the store; canvases read them when they draw. */
export interface RoutingFrames {
  read(): RoutingFrame | null;
  show(trace: RoutingTrace): void;
  /** Adds the what-if routing of one new token. */
  append(piece: TokenPiece, row: RoutingRows): void;
  clear(): void;
  subscribe(listener: () => void): () => void;
}

export function createRoutingFrames(): RoutingFrames {
  let frame: RoutingFrame | null = null;
  const listeners = new Set<() => void>();
  const replace = (next: RoutingFrame | null): void => {
    frame = next;
    for (const listener of listeners) listener();
  };
  return {
    read: () => frame,
    show: (trace) => replace(frameOf(trace)),
    append: (piece, row) => {
      if (frame) replace(appended(frame, piece, row));
    },
    clear: () => replace(null),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function frameOf({ pieces, rows, nearest, decidingToken }: RoutingTrace): RoutingFrame {
  const { layers, experts, probabilities, picked, owners } = rows;
  const largest = largestOf(probabilities, pieces.length * layers.length * experts);
  return { pieces, layers, experts, probabilities, picked, owners, nearest, decidingToken, largest, origin: rows };
}

function largestOf(values: Float32Array, length: number): number {
  let largest = 0;
  for (let i = 0; i < length; i++) largest = Math.max(largest, values[i] ?? 0);
  return largest;
}

function appended(frame: RoutingFrame, piece: TokenPiece, row: RoutingRows): RoutingFrame {
  const width = frame.layers.length * frame.experts;
  if (row.probabilities.length < width || row.picked.length < width) return frame;
  const at = frame.pieces.length * width;
  const probabilities = withRoom(frame.probabilities, at + width, (length) => new Float32Array(length));
  const picked = withRoom(frame.picked, at + width, (length) => new Uint8Array(length));
  probabilities.set(row.probabilities.subarray(0, width), at);
  picked.set(row.picked.subarray(0, width), at);
  const largest = Math.max(frame.largest, largestOf(row.probabilities, width));
  return { ...frame, pieces: [...frame.pieces, piece], probabilities, picked, largest };
}

/** Doubles when full, so that a long answer copies each row a constant number of times. */
function withRoom<A extends Float32Array | Uint8Array>(array: A, length: number, create: (length: number) => A): A {
  if (array.length >= length) return array;
  const grown = create(Math.max(length, array.length * 2));
  grown.set(array);
  return grown;
}
