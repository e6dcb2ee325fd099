import type { ReactNode } from "react";
import type { ModelFacts } from "../../engine/protocol.ts";
import { useActions, useLab } from "../../store/lab.ts";
import { canChangeModel } from "../../store/selectors.ts";
import type { LoadRequest } from "../../store/sourceRef.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { Button } from "../../ui/Button.tsx";
import { formatBytes, formatCount, formatLarge } from "../../ui/format.ts";
import { Panel } from "../../ui/Panel.tsx";
import { Stat, StatList } from "../../ui/Stat.tsx";
import { Part } from "../learn/Part.tsx";
import { MixtureSettings } from "./MixtureSettings.tsx";
import "./model.css";

export function ModelPanel(): ReactNode {
  const texts = useTexts();
  const facts = useLab((state) => state.model.facts);
  const loaded = useLab((state) => state.model.loaded);
  return (
    <Panel title={texts.regions.model} id="model" aside={<ChangeModel />}>
      {facts && loaded ? <ModelFigures facts={facts} loaded={loaded} /> : <p className="faint">{texts.loading.begin}</p>}
      {/* A fresh form for fresh settings, so that what is typed never hides what is in use. */}
      {facts && (
        <Part id="settings">
          <MixtureSettings key={JSON.stringify(facts.settings)} facts={facts} />
        </Part>
      )}
    </Panel>
  );
}

function ChangeModel(): ReactNode {
  const words = useTexts().model;
  const free = useLab(canChangeModel);
  const { openChoice } = useActions();
  return (
    <Button disabled={!free} title={words.changeHint} onClick={openChoice}>
      {words.change}
    </Button>
  );
}

function ModelFigures({ facts, loaded }: { readonly facts: ModelFacts; readonly loaded: LoadRequest }): ReactNode {
  const words = useTexts().model;
  const figures = [
    [words.name, facts.name],
    [words.from, loaded.from || words.builtIn],
    ...(loaded.commit === null ? [] : [[words.commit, loaded.commit.slice(0, 12)] as const]),
    [words.architecture, facts.architecture],
    [words.parameters, formatLarge(facts.parameters)],
    [words.shape, words.shapeText(facts.layers, facts.hiddenSize, facts.heads)],
    [words.quantization, facts.quantization],
    [words.weightBytes, formatBytes(facts.weightBytes)],
    [words.context, words.tokens(formatCount(facts.contextLength))],
    [words.vocabulary, words.tokens(formatCount(facts.vocabularySize))],
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
