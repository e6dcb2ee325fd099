import "./tokens.css";
import "./base.css";
import "./controls.css";
import "./layout.css";
import type { ReactNode } from "react";
import { BenchScreen } from "../panels/bench/BenchScreen.tsx";
import { useTexts } from "../texts/useTexts.ts";
import { restoreTheme } from "../ui/theme.ts";
import { ErrorBoundary } from "./ErrorBoundary.tsx";

restoreTheme();

/** The page at `?bench`, without the lab: nothing else uses the GPU. */
export function BenchPage(): ReactNode {
  const { name } = useTexts().app;
  return (
    <ErrorBoundary>
      <header className="unseen">
        <h1>{name}</h1>
      </header>
      <BenchScreen manifest={new URL("models/atlas/int4/manifest.json", document.baseURI).href} />
    </ErrorBoundary>
  );
}
