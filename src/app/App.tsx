import "./tokens.css";
import "./base.css";
import "./controls.css";
import "./layout.css";
import { useEffect, useState } from "react";
import type { ReactNode } from "react";
import type { EngineClient } from "../engine/protocol.ts";
import { ownScript } from "../lib/ownScript.ts";
import { LinkOpenerProvider } from "../panels/learn/linkOpener.ts";
import { createRecordedRun, RecordedRunProvider } from "../panels/recorded/recordedRun.ts";
import { createLinkProjects } from "../share/linkProjects.ts";
import { createLinkOpener } from "../share/openLink.ts";
import { createLab, LabProvider } from "../store/lab.ts";
import { keepLessons } from "../store/lessonsKeeping.ts";
import { restoreTheme } from "../ui/theme.ts";
import { ErrorBoundary } from "./ErrorBoundary.tsx";
import { createPageKeeping, PageKeepingProvider } from "./offline/pageKeeping.ts";
import type { PageKeeping } from "./offline/pageKeeping.ts";
import { openPage, readJson } from "./openPage.ts";
import { TrafficProvider } from "./trafficLog.ts";
import type { TrafficLog } from "./trafficLog.ts";
import { Workbench } from "./Workbench.tsx";

restoreTheme();

export interface AppProps {
  readonly engine: EngineClient;
  readonly traffic: TrafficLog;
}

const addressOf = (path: string): string => new URL(path, document.baseURI).href;

function createParts({ engine, traffic }: AppProps) {
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const lab = createLab(engine, addressOf);
  keepLessons(lab.store, ownStorage());
  return {
    lab,
    opener: createLinkOpener(lab, createLinkProjects(ownStorage())),
    traffic,
    keeping: pageKeeping(),
    run: createRecordedRun(() => readJson(addressOf("recorded/atlas.json")), still),
  };
}

/** Undefined where site data are blocked: asking for it throws there. */
function ownStorage(): Storage | undefined {
  try {
    return localStorage;
  } catch {
    return undefined;
  }
}

/** Only a build has a service worker, and a development server has nothing to do with that of a build. */
function pageKeeping(): PageKeeping {
  const reload = (): void => location.reload();
  if (!import.meta.env.PROD) return createPageKeeping(undefined, "", reload);
  return createPageKeeping(navigator.serviceWorker, ownScript(addressOf("serviceWorker.js")), reload);
}

/** Shows the recorded run at once, starts the engine, and gives the panels their state. */
export function App(props: AppProps): ReactNode {
  const [parts] = useState(() => createParts(props));
  useEffect(() => void openPage(parts), [parts]);
  return (
    <ErrorBoundary>
      <TrafficProvider value={parts.traffic}>
        <PageKeepingProvider value={parts.keeping}>
          <RecordedRunProvider value={parts.run}>
            <LabProvider value={parts.lab}>
              <LinkOpenerProvider value={parts.opener}>
                <Workbench />
              </LinkOpenerProvider>
            </LabProvider>
          </RecordedRunProvider>
        </PageKeepingProvider>
      </TrafficProvider>
    </ErrorBoundary>
  );
}
