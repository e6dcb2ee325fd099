import { lazy, StrictMode, Suspense } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/App.tsx";
import { Framed } from "./app/Framed.tsx";
import { createTrafficLog } from "./app/trafficLog.ts";
import { createEngineClient, startedLate } from "./engine/client.ts";
import { watchTraffic } from "./lib/traffic.ts";
import { restoreLanguage } from "./texts/language.ts";

/** Loaded only where it is asked for. */
const BenchPage = lazy(() => import("./app/BenchPage.tsx").then((module) => ({ default: module.BenchPage })));
const asked = new URLSearchParams(location.search).has("bench") ? () => <BenchPage /> : lab;
// Hosts that send headers refuse frames themselves; the page cannot tell its browser to.
const page = window.top === window.self ? asked() : <Framed />;

function lab() {
  const traffic = createTrafficLog();
  watchTraffic(traffic.add);
  return <App engine={startedLate(() => createEngineClient(traffic.add))} traffic={traffic} />;
}

await restoreLanguage();
createRoot(document.querySelector("#root") ?? document.body).render(
  <StrictMode>
    <Suspense>{page}</Suspense>
  </StrictMode>,
);
