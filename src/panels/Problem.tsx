import type { ReactNode } from "react";
import type { ErrorFacts } from "../lib/errors.ts";
import { useTexts } from "../texts/useTexts.ts";
import { Notice } from "../ui/Notice.tsx";

/** An error of the engine: what failed and what to do. The engine speaks English, whatever the page does: other languages say it in their own words first. */
export function Problem({
  error,
  title,
  children,
}: {
  readonly error: ErrorFacts;
  readonly title?: string;
  readonly children?: ReactNode;
}): ReactNode {
  const lead = useTexts().problems.lead(error.code);
  return (
    <Notice tone="danger" title={title}>
      {lead !== "" && <p>{lead}</p>}
      <p lang="en">{error.message}</p>
      {error.hint !== "" && (
        <p className="hint" lang="en">
          {error.hint}
        </p>
      )}
      {children}
    </Notice>
  );
}
