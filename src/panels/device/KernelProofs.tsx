import { Fragment } from "react";
import type { ReactNode } from "react";
import type { KernelProof } from "../../engine/protocol.ts";
import { errorFigure } from "../../lib/errorFigure.ts";
import { useActions, useLab } from "../../store/lab.ts";
import { summarizeProofs } from "../../store/proofSlice.ts";
import type { ProofState } from "../../store/proofSlice.ts";
import type { Texts } from "../../texts/texts.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { Button } from "../../ui/Button.tsx";
import { Term } from "../../ui/Term.tsx";
import { Problem } from "../Problem.tsx";

/** What this GPU computes against what the reference gives, kernel by kernel. */
export function KernelProofs(): ReactNode {
  const words = useTexts().device.proof;
  const proof = useLab((state) => state.proof);
  const ready = useLab((state) => state.device.status === "ready");
  const { prove, stopProof } = useActions();
  return (
    <div className="kernel-proof">
      <h3>
        <Term hint={words.hint}>{words.title}</Term>
      </h3>
      <div className="kernel-proof-line">
        <p role="status">{statusText(proof, words)}</p>
        {proof.status === "running" ? (
          <Button onClick={stopProof}>{words.stop}</Button>
        ) : (
          <Button disabled={!ready} onClick={() => void prove(true)}>
            {proof.facts ? words.again : words.run}
          </Button>
        )}
      </div>
      {proof.status === "failed" && proof.error && <Problem error={proof.error} title={words.failed} />}
      {proof.facts?.problem && <Problem error={proof.facts.problem} title={words.problem} />}
      {proof.facts && <ProofTable proofs={proof.facts.proofs} />}
    </div>
  );
}

function statusText({ status, step, facts }: ProofState, words: Texts["device"]["proof"]): string {
  if (status === "running") return step ? words.step(step.done, step.kernels) : words.running;
  if (status === "none") return words.waiting;
  if (!facts) return status === "stopped" ? words.stopped : "";
  const { agreeing, kernels, largestError } = summarizeProofs(facts.proofs);
  const said = [words.summary(agreeing, kernels, errorFigure(largestError)), ...(facts.leftOut > 0 ? [words.leftOut(facts.leftOut)] : [])];
  return said.join(" ");
}

function ProofTable({ proofs }: { readonly proofs: readonly KernelProof[] }): ReactNode {
  const words = useTexts().device.proof;
  const { columns } = words;
  // What is wrong comes first.
  const rows = proofs.toSorted((a, b) => Number(a.ok) - Number(b.ok));
  return (
    <details>
      <summary>{words.details}</summary>
      <div className="kernel-proof-table" tabIndex={0} role="group" aria-label={words.caption}>
        <table>
          <caption>{words.caption}</caption>
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
  const words = useTexts().device.proof;
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
        {!ok && <small> {words.wrong}</small>}
      </td>
      <td>{errorFigure(tolerance)}</td>
    </tr>
  );
}
