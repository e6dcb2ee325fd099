import type { ReactNode } from "react";
import { Term } from "./Term.tsx";

export interface StatProps {
  readonly label: string;
  readonly hint: string;
  readonly children: ReactNode;
}

/** A named number; use inside <StatList>. */
export function Stat({ label, hint, children }: StatProps): ReactNode {
  return (
    <div className="stat">
      <dt>
        <Term hint={hint}>{label}</Term>
      </dt>
      <dd>{children}</dd>
    </div>
  );
}

export function StatList({ children }: { readonly children: ReactNode }): ReactNode {
  return <dl className="stats">{children}</dl>;
}
