import { useState } from "react";
import type { ReactNode } from "react";
import type { ModelFacts } from "../../engine/protocol.ts";
import { withDecimalSign } from "../../lib/locale.ts";
import { useActions, useLab } from "../../store/lab.ts";
import { activityOf } from "../../store/selectors.ts";
import { numericSettings, onlyThresholdDiffers, readSettings, settingsForm } from "../../store/settingsForm.ts";
import type { SettingsForm } from "../../store/settingsForm.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { Button } from "../../ui/Button.tsx";
import { SelectField, TextField } from "../../ui/Field.tsx";
import { Problem } from "../Problem.tsx";
import { issueText } from "../useNumberInput.ts";
import { LayerChoice } from "./LayerChoice.tsx";

export function MixtureSettings({ facts }: { readonly facts: ModelFacts }): ReactNode {
  const texts = useTexts();
  const words = texts.settings;
  const inUse = settingsForm(facts.settings);
  const [form, setForm] = useState<SettingsForm>(inUse);
  const error = useLab((state) => state.model.settingsError);
  const idle = useLab((state) => activityOf(state) === "idle");
  const { applySettings } = useActions();
  const reading = readSettings(form, facts);
  const issues = "issues" in reading ? reading.issues : {};
  const changed = JSON.stringify(form) !== JSON.stringify(inUse);
  const keeps = "settings" in reading && onlyThresholdDiffers(reading.settings, facts.settings);

  const submit = (): void => {
    if ("settings" in reading) void applySettings(reading.settings);
  };
  const problem = (name: keyof typeof issues): string | undefined => {
    const issue = issues[name];
    return issue && issueText(issue, texts.issues);
  };

  return (
    <form
      className="settings"
      aria-label={words.title}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <h3>{words.title}</h3>
      {facts.method === "improved" && <p className="field-note">{words.improved}</p>}
      <LayerChoice
        count={facts.layers}
        chosen={form.layers}
        error={problem("layers")}
        onChange={(layers) => setForm({ ...form, layers })}
      />
      <div className="settings-grid">
        <SelectField
          label={words.module}
          note={words.moduleNote}
          value={form.module}
          error={problem("module")}
          options={facts.modules.map((module) => ({ value: module, label: module }))}
          onChange={(module) => setForm({ ...form, module })}
        />
        {numericSettings.map((name) => (
          <TextField
            key={name}
            numeric
            label={words.fields[name][0]}
            note={words.fields[name][1]}
            value={withDecimalSign(form[name])}
            error={problem(name)}
            onChange={(value) => setForm({ ...form, [name]: value })}
          />
        ))}
      </div>
      {error && <Problem error={error} title={words.failed} />}
      <div className="settings-actions">
        <Button tone="primary" type="submit" disabled={!idle || !changed || "issues" in reading}>
          {words.apply}
        </Button>
        <Button disabled={!changed} onClick={() => setForm(inUse)}>
          {words.reset}
        </Button>
        <span className="faint">{changed ? (keeps ? words.keeps : words.fresh) : words.unchanged}</span>
      </div>
    </form>
  );
}
