import { Component } from "react";
import type { ReactNode } from "react";
import { useTexts } from "../texts/useTexts.ts";
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
    return <Crashed message={this.state.message} />;
  }
}

function Crashed({ message }: { readonly message: string }): ReactNode {
  const words = useTexts().app;
  return (
    <main className="page">
      <Notice tone="danger" title={words.crashed}>
        <p>{message}</p>
        <p>{words.crashedHint}</p>
        <Button onClick={() => location.reload()}>{words.reload}</Button>
      </Notice>
    </main>
  );
}
