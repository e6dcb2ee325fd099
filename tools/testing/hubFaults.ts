/** What a server or a network does wrong, and the sending of bodies with it. */
import type { ServerResponse } from "node:http";
import type { HubRequest } from "./hubServer.ts";

type FaultKind =
  /** The connection breaks before this byte of the file; for requests that would have sent it. */
  | { readonly kind: "cut"; readonly at: number }
  /** The connection breaks after so many bytes of a body. */
  | { readonly kind: "cutAfter"; readonly bytes: number }
  /** No answer at all. */
  | { readonly kind: "drop" }
  /** So many bytes, then silence. */
  | { readonly kind: "hang"; readonly bytes: number }
  /** So many bytes at a time. */
  | { readonly kind: "trickle"; readonly bytes: number; readonly everyMs: number }
  | { readonly kind: "status"; readonly status: number; readonly retryAfter?: string; readonly code?: string }
  /** 200 and the whole file, whatever range was asked for. */
  | { readonly kind: "whole" }
  /** Content-Range names other bytes than are sent. */
  | { readonly kind: "contentRange"; readonly shift: number }
  /** Content-Range names another size of the file. */
  | { readonly kind: "total"; readonly by: number }
  | { readonly kind: "etag" }
  /** One bit of this byte of the file; for requests that send it. */
  | { readonly kind: "flip"; readonly at: number }
  /** A login page, or a Git LFS pointer, as an answer of its own. */
  | { readonly kind: "html" }
  | { readonly kind: "pointer" }
  /** More or fewer bytes than the range has, without a length. */
  | { readonly kind: "longer"; readonly by: number }
  | { readonly kind: "shorter"; readonly by: number };

export type Fault = FaultKind & {
  /** Requests; 1 by default. */
  readonly times?: number;
  /** Those that would send bytes of a file by default. */
  readonly when?: (request: HubRequest) => boolean;
};

export interface Faults {
  add(...faults: Fault[]): void;
  clear(): void;
  /** Those that have yet to happen. */
  left(): number;
  /**
   * What is to go wrong with this request; counted as happened.
   * @param span first byte and end of what would be sent of a file; undefined for other requests
   */
  next(request: HubRequest, span?: readonly [number, number]): Fault | undefined;
}

export function createFaults(): Faults {
  let rows: { readonly fault: Fault; left: number }[] = [];
  return {
    add: (...faults) => void rows.push(...faults.map((fault) => ({ fault, left: fault.times ?? 1 }))),
    clear: () => void (rows = []),
    left: () => rows.reduce((sum, { left }) => sum + left, 0),
    next(request, span) {
      const row = rows.find(({ fault }) => applies(fault, request, span));
      if (row) row.left--;
      rows = rows.filter(({ left }) => left > 0);
      return row?.fault;
    },
  };
}

function applies(fault: Fault, request: HubRequest, span: readonly [number, number] | undefined): boolean {
  if (fault.when ? !fault.when(request) : !span) return false;
  // Before its bytes are known only an answer of another kind can be given.
  if (!span) return fault.kind === "status" || fault.kind === "drop" || fault.kind === "html";
  return !("at" in fault) || (fault.at >= span[0] && fault.at < span[1]);
}

export interface Body {
  readonly bytes: Uint8Array;
  /** Byte of the file that it begins with. */
  readonly begin: number;
}

/** Sends a body, headers written before, as the fault has it. */
export async function sendBody(
  response: ServerResponse,
  entry: HubRequest,
  { bytes, begin }: Body,
  fault: Fault | undefined,
): Promise<void> {
  const send = (part: Uint8Array): Promise<void> => {
    entry.sent += part.length;
    return new Promise((resolve) => void response.write(part, () => resolve()));
  };
  switch (fault?.kind) {
    case "cut":
    case "cutAfter":
    case "hang": {
      const count = fault.kind === "cut" ? fault.at - begin : fault.bytes;
      response.flushHeaders();
      if (count > 0) await send(bytes.subarray(0, count));
      // A body that is all there is over for its reader, who uses the connection again.
      if (fault.kind === "hang" && count < bytes.length) return;
      if (fault.kind === "hang") break;
      // What was written is on its way before the connection breaks.
      await pause(5);
      response.destroy();
      return;
    }
    case "trickle":
      for (let at = 0; at < bytes.length && !response.destroyed; at += fault.bytes) {
        await send(bytes.subarray(at, at + fault.bytes));
        await pause(fault.everyMs);
      }
      break;
    default:
      if (bytes.length > 0) await send(bytes);
  }
  response.end();
}

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** A body as the fault changes it. */
export function faultyBytes(bytes: Uint8Array, begin: number, fault: Fault | undefined): Uint8Array {
  switch (fault?.kind) {
    case "flip": {
      const wrong = Uint8Array.from(bytes);
      wrong[fault.at - begin] = (wrong[fault.at - begin] ?? 0) ^ 16;
      return wrong;
    }
    case "longer": {
      const more = new Uint8Array(bytes.length + fault.by);
      more.set(bytes);
      return more;
    }
    case "shorter":
      return bytes.subarray(0, Math.max(0, bytes.length - fault.by));
    default:
      return bytes;
  }
}
