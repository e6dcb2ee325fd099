import type { ReactNode } from "react";
import type { ErrorFacts } from "../../lib/errors.ts";
import { useActions } from "../../store/lab.ts";
import { Button } from "../../ui/Button.tsx";
import { texts } from "../texts.ts";
import "./device.css";

const WORDS = texts.noWebGpu;

/** Stands in for the workbench where the browser has no usable WebGPU. */
export function NoWebGpu({ error }: { readonly error: ErrorFacts }): ReactNode {
  const { boot } = useActions();
  const why = error.code === "no-adapter" ? WORDS.why["no-adapter"] : WORDS.why["no-webgpu"];
  return (
    <section className="panel no-webgpu" role="alert" aria-label={WORDS.title}>
      <h2>{WORDS.title}</h2>
      <p>
        <strong>{why}</strong> {WORDS.explain}
      </p>
      <h3>{WORDS.todo}</h3>
      <ul>
        {WORDS.steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ul>
      <details>
        <summary>{WORDS.details}</summary>
        <p>{error.message}</p>
        <p>{error.hint}</p>
      </details>
      <Button tone="primary" onClick={() => void boot()}>
        {texts.common.retry}
      </Button>
    </section>
  );
}
