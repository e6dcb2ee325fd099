import { lazy, StrictMode, Suspense } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/App.tsx";
import { createEngineClient } from "./engine/client.ts";
import { restoreLanguage } from "./texts/language.ts";

/** Loaded only where it is asked for. */
const BenchPage = lazy(() => import("./app/BenchPage.tsx").then((module) => ({ default: module.BenchPage })));
const page = new URLSearchParams(location.search).has("bench") ? <BenchPage /> : <App engine={createEngineClient()} />;

await restoreLanguage();
createRoot(document.querySelector("#root") ?? document.body).render(
  <StrictMode>
    <Suspense>{page}</Suspense>
  </StrictMode>,
);
