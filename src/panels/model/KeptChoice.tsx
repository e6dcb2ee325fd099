import type { ReactNode } from "react";
import type { KeptModel } from "../../engine/protocol.ts";
import { useActions, useLab } from "../../store/lab.ts";
import type { LoadRequest } from "../../store/sourceRef.ts";
import { builtIn, modelVariants } from "../../store/sourceRef.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { Button } from "../../ui/Button.tsx";
import { formatBytes } from "../../ui/format.ts";
import { useGuardedLoad } from "./useGuardedLoad.tsx";

export function keptRequest({ key, from, commit }: KeptModel): LoadRequest {
  return { source: { kind: "kept", key }, from, commit, precision: null, keep: false };
}

/** What is here already: the built-in model, and those that this browser keeps. */
export function KeptChoice(): ReactNode {
  const texts = useTexts();
  const words = texts.choice;
  const kept = useLab((state) => state.storage.facts?.models);
  const { load, closeChoice } = useActions();
  const { guard, question } = useGuardedLoad();
  const loadNow = (request: LoadRequest): void =>
    guard(() => {
      closeChoice();
      void load(request);
    });
  return (
    <>
      <section className="choice-here" aria-label={words.builtIn}>
        <h3>{words.builtIn}</h3>
        <div className="choice-line">
          <p>{words.builtInNote}</p>
          {modelVariants.map((variant) => (
            <Button key={variant} onClick={() => loadNow(builtIn(variant))}>
              {words.variants[variant]}
            </Button>
          ))}
        </div>
      </section>
      {kept && kept.length > 0 && (
        <section className="choice-here" aria-label={words.kept}>
          <h3>{words.kept}</h3>
          {kept.map((model) => (
            <div key={model.key} className="choice-line">
              <p>
                {model.name} <span className="faint-text">{[model.quantization, formatBytes(model.bytes)].join(", ")}</span>
              </p>
              <Button aria-label={texts.storage.loadOne(model.name)} onClick={() => loadNow(keptRequest(model))}>
                {texts.storage.load}
              </Button>
            </div>
          ))}
        </section>
      )}
      {question}
    </>
  );
}
