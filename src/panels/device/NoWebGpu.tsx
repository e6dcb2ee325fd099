import type { ReactNode } from "react";
import type { ErrorFacts } from "../../lib/errors.ts";
import { useActions } from "../../store/lab.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { Button } from "../../ui/Button.tsx";
import "./device.css";

/** Stands in for the workbench where the browser has no usable WebGPU. */
export function NoWebGpu({ error }: { readonly error: ErrorFacts }): ReactNode {
  const texts = useTexts();
  const words = texts.noWebGpu;
  const { boot } = useActions();
  const why = error.code === "no-adapter" ? words.why["no-adapter"] : words.why["no-webgpu"];
  return (
    <section className="panel no-webgpu" id="no-webgpu" role="alert" aria-label={words.title}>
      <h2>{words.title}</h2>
      <p>
        <strong>{why}</strong> {words.explain}
      </p>
      <h3>{words.todo}</h3>
      <ul>
        {words.steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ul>
      <details>
        <summary>{words.details}</summary>
        <p lang="en">{error.message}</p>
        <p lang="en">{error.hint}</p>
      </details>
      <Button tone="primary" onClick={() => void boot()}>
        {texts.common.retry}
      </Button>
    </section>
  );
}
