import { Component } from "react";
import type { ReactNode } from "react";
import { texts } from "../panels/texts.ts";
import { Button } from "../ui/Button.tsx";
import { Notice } from "../ui/Notice.tsx";

interface BoundaryState {
  readonly message: string | null;
}

/** Says what broke in place of an empty page. React offers this for classes only. */
export class ErrorBoundary extends Component<{ readonly children: ReactNode }, BoundaryState> {
  override state: BoundaryState = { message: null };

  static getDerivedStateFromError(thrown: unknown): BoundaryState {
    return { message: thrown instanceof Error ? thrown.message : String(thrown) };
  }

  override render(): ReactNode {
    if (this.state.message === null) return this.props.children;
    return (
      <main className="page">
        <Notice tone="danger" title={texts.app.crashed}>
          <p>{this.state.message}</p>
          <p>{texts.app.crashedHint}</p>
          <Button onClick={() => location.reload()}>{texts.app.reload}</Button>
        </Notice>
      </main>
    );
  }
}
