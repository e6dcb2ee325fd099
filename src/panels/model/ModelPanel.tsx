import { useState } from "react";
import type { ReactNode } from "react";
import type { ModelFacts } from "../../engine/protocol.ts";
import { useActions, useLab } from "../../store/lab.ts";
import { modelVariants } from "../../store/modelSlice.ts";
import type { ModelVariant } from "../../store/modelSlice.ts";
import { activityOf } from "../../store/selectors.ts";
import { SelectField } from "../../ui/Field.tsx";
import { formatBytes, formatCount, formatLarge } from "../../ui/format.ts";
import { Panel } from "../../ui/Panel.tsx";
import { Stat, StatList } from "../../ui/Stat.tsx";
import { Problem } from "../Problem.tsx";
import { texts } from "../texts.ts";
import { ConfirmReplace } from "./ConfirmReplace.tsx";
import { MixtureSettings } from "./MixtureSettings.tsx";
import "./model.css";

const WORDS = texts.model;

export function ModelPanel(): ReactNode {
  const model = useLab((state) => state.model);
  const facts = model.facts;
  return (
    <Panel title={texts.regions.model} id="model" aside={<PrecisionChoice />}>
      {facts && model.error && (
        <Problem error={model.error} title={texts.loading.failed}>
          <p>{WORDS.keptAfterFailure}</p>
        </Problem>
      )}
      {facts ? <ModelFigures facts={facts} /> : <p className="faint">{texts.loading.begin}</p>}
      {/* A fresh form for fresh settings, so that what is typed never hides what is in use. */}
      {facts && <MixtureSettings key={JSON.stringify(facts.settings)} facts={facts} />}
    </Panel>
  );
}

function PrecisionChoice(): ReactNode {
  const variant = useLab((state) => state.model.variant);
  const edits = useLab((state) => state.edit.edits.length);
  const activity = useLab(activityOf);
  const canLoad = useLab((state) => state.device.status === "ready");
  const { load } = useActions();
  const [wanted, setWanted] = useState<ModelVariant | null>(null);
  const busy = !canLoad || (activity !== "idle" && activity !== "stopped");
  return (
    <>
      <SelectField
        label={WORDS.precision}
        hint={WORDS.precisionHint}
        value={variant}
        disabled={busy}
        options={modelVariants.map((value) => ({ value, label: WORDS.precisions[value] }))}
        onChange={(next) => (edits > 0 ? setWanted(next) : void load(next))}
      />
      {wanted && <ConfirmReplace edits={edits} onCancel={() => setWanted(null)} onConfirm={() => (setWanted(null), void load(wanted))} />}
    </>
  );
}

function ModelFigures({ facts }: { readonly facts: ModelFacts }): ReactNode {
  const figures = [
    [WORDS.name, facts.name],
    [WORDS.architecture, facts.architecture],
    [WORDS.parameters, formatLarge(facts.parameters)],
    [WORDS.shape, WORDS.shapeText(facts.layers, facts.hiddenSize, facts.heads)],
    [WORDS.quantization, facts.quantization],
    [WORDS.weightBytes, formatBytes(facts.weightBytes)],
    [WORDS.context, WORDS.tokens(formatCount(facts.contextLength))],
    [WORDS.vocabulary, WORDS.tokens(formatCount(facts.vocabularySize))],
  ] as const;
  return (
    <StatList>
      {figures.map(([[label, hint], value]) => (
        <Stat key={label} label={label} hint={hint}>
          {value}
        </Stat>
      ))}
    </StatList>
  );
}
