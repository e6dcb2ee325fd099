import { createContext, useContext } from "react";
import type { ReactNode } from "react";
import { Term } from "./Term.tsx";

/** What sets all panels inside apart, with its explanation: [word, hint]. */
const PanelMarkContext = createContext<readonly [string, string] | null>(null);
export const PanelMark = PanelMarkContext.Provider;

export interface PanelProps {
  readonly title: string;
  /** Address within the page. */
  readonly id?: string;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

/** A landmark with its heading. */
export function Panel({ title, id, aside, children }: PanelProps): ReactNode {
  const mark = useContext(PanelMarkContext);
  return (
    <section className="panel" aria-label={title} id={id}>
      <header className="panel-head">
        <h2>{title}</h2>
        {mark && (
          <span className="mark">
            <Term hint={mark[1]}>{mark[0]}</Term>
          </span>
        )}
        {aside !== undefined && <div className="panel-aside">{aside}</div>}
      </header>
      {children}
    </section>
  );
}
