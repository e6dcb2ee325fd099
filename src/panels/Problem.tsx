import type { ReactNode } from "react";
import type { ErrorFacts } from "../lib/errors.ts";
import { Notice } from "../ui/Notice.tsx";

/** An error of the engine: what failed and what to do. The engine speaks English, whatever the page does. */
export function Problem({
  error,
  title,
  children,
}: {
  readonly error: ErrorFacts;
  readonly title?: string;
  readonly children?: ReactNode;
}): ReactNode {
  return (
    <Notice tone="danger" title={title}>
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
