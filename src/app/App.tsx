import "./tokens.css";
import "./base.css";
import "./controls.css";
import "./layout.css";
import { useEffect, useState } from "react";
import type { ReactNode } from "react";
import type { EngineClient } from "../engine/protocol.ts";
import { createLab, LabProvider } from "../store/lab.ts";
import { restoreTheme } from "../ui/theme.ts";
import { ErrorBoundary } from "./ErrorBoundary.tsx";
import { Workbench } from "./Workbench.tsx";

restoreTheme();

/** Starts the engine once and gives the panels their state. */
export function App({ engine }: { readonly engine: EngineClient }): ReactNode {
  const [lab] = useState(() => createLab(engine, (path) => new URL(path, document.baseURI).href));
  useEffect(() => {
    void lab.actions.boot();
    void lab.actions.loadExamples(readJson);
  }, [lab]);
  return (
    <ErrorBoundary>
      <LabProvider value={lab}>
        <Workbench />
      </LabProvider>
    </ErrorBoundary>
  );
}

async function readJson(address: string): Promise<unknown> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address} answered ${response.status}`);
  return response.json();
}
