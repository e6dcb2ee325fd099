import type { ReactNode } from "react";
import type { ModelFacts } from "../../engine/protocol.ts";
import { useActions, useLab } from "../../store/lab.ts";
import { canChangeModel } from "../../store/selectors.ts";
import type { LoadRequest } from "../../store/sourceRef.ts";
import { Button } from "../../ui/Button.tsx";
import { formatBytes, formatCount, formatLarge } from "../../ui/format.ts";
import { Panel } from "../../ui/Panel.tsx";
import { Stat, StatList } from "../../ui/Stat.tsx";
import { texts } from "../texts.ts";
import { MixtureSettings } from "./MixtureSettings.tsx";
import "./model.css";

const WORDS = texts.model;

export function ModelPanel(): ReactNode {
  const facts = useLab((state) => state.model.facts);
  const loaded = useLab((state) => state.model.loaded);
  return (
    <Panel title={texts.regions.model} id="model" aside={<ChangeModel />}>
      {facts && loaded ? <ModelFigures facts={facts} loaded={loaded} /> : <p className="faint">{texts.loading.begin}</p>}
      {/* A fresh form for fresh settings, so that what is typed never hides what is in use. */}
      {facts && <MixtureSettings key={JSON.stringify(facts.settings)} facts={facts} />}
    </Panel>
  );
}

function ChangeModel(): ReactNode {
  const free = useLab(canChangeModel);
  const { openChoice } = useActions();
  return (
    <Button disabled={!free} title={WORDS.changeHint} onClick={openChoice}>
      {WORDS.change}
    </Button>
  );
}

function ModelFigures({ facts, loaded }: { readonly facts: ModelFacts; readonly loaded: LoadRequest }): ReactNode {
  const figures = [
    [WORDS.name, facts.name],
    [WORDS.from, loaded.from || WORDS.builtIn],
    ...(loaded.commit === null ? [] : [[WORDS.commit, loaded.commit.slice(0, 12)] as const]),
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
