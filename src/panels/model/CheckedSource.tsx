import { useEffect, useRef } from "react";
import type { ReactNode } from "react";
import type { CheckedModel, SourceFacts } from "../../engine/protocol.ts";
import { requestOf } from "../../store/choiceSlice.ts";
import type { ChoiceState } from "../../store/choiceSlice.ts";
import { useActions, useLab } from "../../store/lab.ts";
import { canChangeModel } from "../../store/selectors.ts";
import { nameOfSource } from "../../store/sourceRef.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { Button } from "../../ui/Button.tsx";
import { CheckField, SelectField } from "../../ui/Field.tsx";
import { formatBytes, formatCount, formatLarge } from "../../ui/format.ts";
import { Stat, StatList } from "../../ui/Stat.tsx";
import { Problem } from "../Problem.tsx";
import { GatedAccess } from "./GatedAccess.tsx";
import { PrecisionChoice } from "./PrecisionChoice.tsx";
import { useGuardedLoad } from "./useGuardedLoad.tsx";

/** What a source is, whether it fits, and the way to load it. */
export function CheckedSource(): ReactNode {
  const texts = useTexts();
  const words = texts.check;
  const choice = useLab((state) => state.choice);
  const { chooseAgain, check } = useActions();
  const { status, source, facts, error } = choice;
  const headingRef = useRef<HTMLHeadingElement>(null);
  useEffect(() => headingRef.current?.focus(), []);
  if (!source) return null;
  // A private repository looks like one that is not there.
  const refused = source.kind === "hub" && (error?.code === "hub-refused" || error?.code === "unknown-model");
  return (
    <div className="checked">
      <Button tone="quiet" onClick={chooseAgain}>
        {texts.choice.back}
      </Button>
      <h3 ref={headingRef} tabIndex={-1}>
        {facts?.name ?? nameOfSource(source)}
      </h3>
      {status === "checking" && <p role="status">{words.running}</p>}
      {error && !refused && (
        <Problem error={error} title={words.failed}>
          {source.kind !== "files" && <Button onClick={() => void check(source)}>{words.again}</Button>}
        </Problem>
      )}
      {source.kind === "hub" && (refused || facts?.gated) && <GatedAccess source={source} refusal={error} />}
      <FileChoice choice={choice} />
      {facts?.model && <CheckedFigures facts={facts} model={facts.model} />}
      {facts?.model && <LoadForm model={facts.model} choice={choice} />}
    </div>
  );
}

function FileChoice({ choice: { source, files } }: { readonly choice: ChoiceState }): ReactNode {
  const words = useTexts().check;
  const { check } = useActions();
  if (files.length === 0 || (source?.kind !== "hub" && source?.kind !== "files")) return null;
  const options = files.map(({ file, bytes }) => ({ value: file, label: words.fileText(file, formatBytes(bytes)) }));
  const none = source.file === undefined ? [{ value: "", label: words.fileNone }] : [];
  return (
    <SelectField
      label={words.file[0]}
      note={words.file[1]}
      value={source.file ?? ""}
      options={[...none, ...options]}
      onChange={(file) => void check({ ...source, file })}
    />
  );
}

function CheckedFigures({ facts, model }: { readonly facts: SourceFacts; readonly model: CheckedModel }): ReactNode {
  const texts = useTexts();
  const words = texts.check;
  const figures = [
    [texts.model.architecture, model.architecture],
    [texts.model.parameters, formatLarge(model.parameters)],
    [texts.model.shape, words.shapeText(model.layers, model.hiddenSize)],
    [texts.model.context, texts.model.tokens(formatCount(model.contextLength))],
    [words.stored, model.stored],
    [words.download, model.downloadBytes > 0 ? formatBytes(model.downloadBytes) : words.local],
    ...(facts.licence === null && facts.commit === null ? [] : [[words.licence, facts.licence ?? words.noLicence] as const]),
    ...(facts.commit === null ? [] : [[texts.model.commit, facts.commit] as const]),
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

function LoadForm({ model, choice }: { readonly model: CheckedModel; readonly choice: ChoiceState }): ReactNode {
  const texts = useTexts();
  const words = texts.check;
  const { loadChecked, setChoice } = useActions();
  const { guard, question } = useGuardedLoad();
  const free = useLab(canChangeModel);
  const storage = useLab((state) => state.storage.facts);
  const keeps = storage?.available ?? true;
  return (
    <form
      className="checked-load"
      aria-label={words.keepAs}
      onSubmit={(event) => {
        event.preventDefault();
        guard(() => void loadChecked());
      }}
    >
      <PrecisionChoice model={model} chosen={choice.precision} onChange={(precision) => setChoice({ precision })} />
      <div className="choice-line">
        <CheckField
          label={words.keep}
          hint={keeps ? words.keepHint : texts.storage.unavailable}
          checked={choice.keep && keeps}
          disabled={!keeps}
          onChange={(keep) => setChoice({ keep })}
        />
        <Button tone="primary" type="submit" disabled={!free || requestOf(choice) === null}>
          {words.load}
        </Button>
      </div>
      {question}
    </form>
  );
}
