import type { KernelProof, ProofFacts, ProofStep } from "../engine/protocol.ts";
import type { ErrorFacts } from "../lib/errors.ts";

/** The kernel proof: what the device computes against what the reference gives. */
export interface ProofState {
  readonly status: "none" | "running" | "done" | "stopped" | "failed";
  /** Kernels done, and in all, of the proof under way. */
  readonly step: Pick<ProofStep, "done" | "kernels"> | null;
  /** The last one that came to its end. */
  readonly facts: Pick<ProofFacts, "proofs" | "leftOut" | "problem"> | null;
  readonly error: ErrorFacts | null;
}

export const initialProof: ProofState = { status: "none", step: null, facts: null, error: null };

export function proofFailed(proof: ProofState, error: ErrorFacts): ProofState {
  return error.code === "cancelled" ? { ...proof, status: "stopped" } : { ...proof, status: "failed", error };
}

export interface ProofSummary {
  readonly kernels: number;
  /** Kernels that agree with their reference in every variant. */
  readonly agreeing: number;
  /** The largest error there is a number for. */
  readonly largestError: number;
}

export function summarizeProofs(proofs: readonly KernelProof[]): ProofSummary {
  const kernels = new Set(proofs.map(({ kernel }) => kernel));
  const wrong = new Set(proofs.filter(({ ok }) => !ok).map(({ kernel }) => kernel));
  const largestError = Math.max(0, ...proofs.map(({ error }) => error).filter(Number.isFinite));
  return { kernels: kernels.size, agreeing: kernels.size - wrong.size, largestError };
}
