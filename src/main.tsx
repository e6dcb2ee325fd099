import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/App.tsx";
import { createEngineClient } from "./engine/client.ts";

createRoot(document.querySelector("#root") ?? document.body).render(
  <StrictMode>
    <App engine={createEngineClient()} />
  </StrictMode>,
);
