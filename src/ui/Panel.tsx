import type { ReactNode } from "react";

export interface PanelProps {
  readonly title: string;
  /** Address within the page. */
  readonly id?: string;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

/** A landmark with its heading. */
export function Panel({ title, id, aside, children }: PanelProps): ReactNode {
  return (
    <section className="panel" aria-label={title} id={id}>
      <header className="panel-head">
        <h2>{title}</h2>
        {aside !== undefined && <div className="panel-aside">{aside}</div>}
      </header>
      {children}
    </section>
  );
}
