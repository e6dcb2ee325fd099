import { Fragment } from "react";
import type { ReactNode } from "react";
import type { KernelProof } from "../../engine/protocol.ts";
import { errorFigure } from "../../lib/errorFigure.ts";
import { useActions, useLab } from "../../store/lab.ts";
import { summarizeProofs } from "../../store/proofSlice.ts";
import type { ProofState } from "../../store/proofSlice.ts";
import { Button } from "../../ui/Button.tsx";
import { Term } from "../../ui/Term.tsx";
import { Problem } from "../Problem.tsx";
import { texts } from "../texts.ts";

const WORDS = texts.device.proof;

/** What this GPU computes against what the reference gives, kernel by kernel. */
export function KernelProofs(): ReactNode {
  const proof = useLab((state) => state.proof);
  const ready = useLab((state) => state.device.status === "ready");
  const { prove, stopProof } = useActions();
  return (
    <div className="kernel-proof">
      <h3>
        <Term hint={WORDS.hint}>{WORDS.title}</Term>
      </h3>
      <div className="kernel-proof-line">
        <p role="status">{statusText(proof)}</p>
        {proof.status === "running" ? (
          <Button onClick={stopProof}>{WORDS.stop}</Button>
        ) : (
          <Button disabled={!ready} onClick={() => void prove(true)}>
            {proof.facts ? WORDS.again : WORDS.run}
          </Button>
        )}
      </div>
      {proof.status === "failed" && proof.error && <Problem error={proof.error} title={WORDS.failed} />}
      {proof.facts?.problem && <Problem error={proof.facts.problem} title={WORDS.problem} />}
      {proof.facts && <ProofTable proofs={proof.facts.proofs} />}
    </div>
  );
}

function statusText({ status, step, facts }: ProofState): string {
  if (status === "running") return step ? WORDS.step(step.done, step.kernels) : WORDS.running;
  if (status === "none") return WORDS.waiting;
  if (!facts) return status === "stopped" ? WORDS.stopped : "";
  const { agreeing, kernels, largestError } = summarizeProofs(facts.proofs);
  const said = [WORDS.summary(agreeing, kernels, errorFigure(largestError)), ...(facts.leftOut > 0 ? [WORDS.leftOut(facts.leftOut)] : [])];
  return said.join(" ");
}

function ProofTable({ proofs }: { readonly proofs: readonly KernelProof[] }): ReactNode {
  const { columns } = WORDS;
  // What is wrong comes first.
  const rows = proofs.toSorted((a, b) => Number(a.ok) - Number(b.ok));
  return (
    <details>
      <summary>{WORDS.details}</summary>
      <div className="kernel-proof-table" tabIndex={0} role="group" aria-label={WORDS.caption}>
        <table>
          <caption>{WORDS.caption}</caption>
          <thead>
            <tr>
              <th scope="col">{columns.kernel}</th>
              <th scope="col">{columns.variant}</th>
              <th scope="col">{columns.error}</th>
              <th scope="col">{columns.tolerance}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <ProofRow key={`${row.kernel} ${row.variant}`} {...row} />
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

function ProofRow({ kernel, variant, error, tolerance, ok, fault }: KernelProof): ReactNode {
  return (
    <tr data-wrong={!ok || undefined}>
      <th scope="row">
        {kernel.split("/").map((part, at) => (
          <Fragment key={at}>
            {at > 0 && (
              <>
                /<wbr />
              </>
            )}
            {part}
          </Fragment>
        ))}
        {fault !== undefined && <pre>{fault}</pre>}
      </th>
      <td>{variant}</td>
      <td>
        {errorFigure(error)}
        {!ok && <small> {WORDS.wrong}</small>}
      </td>
      <td>{errorFigure(tolerance)}</td>
    </tr>
  );
}
