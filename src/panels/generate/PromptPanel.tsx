import type { ReactNode } from "react";
import type { ErrorCode } from "../../lib/errors.ts";
import { useActions, useLab } from "../../store/lab.ts";
import { activityOf } from "../../store/selectors.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { problemText } from "../problemText.ts";
import { Button } from "../../ui/Button.tsx";
import { TextField } from "../../ui/Field.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { PickMenu } from "../../ui/PickMenu.tsx";
import { Part } from "../learn/Part.tsx";
import { DecodingOptions } from "./DecodingOptions.tsx";
import "./generate.css";

/** Errors that are about the prompt are shown at the prompt, not in the answer. */
export const promptErrors: readonly ErrorCode[] = ["empty-prompt", "text-too-long"];

export function PromptPanel(): ReactNode {
  const texts = useTexts();
  const words = texts.prompt;
  const text = useLab((state) => state.prompt.text);
  const activity = useLab(activityOf);
  const examples = useLab((state) => state.examples.prompts);
  const error = useLab(
    ({ answers, routing }) =>
      [routing.error, answers.edited.error, answers.base.error].find((each) => each && promptErrors.includes(each.code)) ?? null,
  );
  const actions = useActions();
  const idle = activity === "idle";
  return (
    <Panel
      title={texts.regions.prompt}
      id="prompt"
      aside={
        <PickMenu
          label={words.examples}
          items={examples.map(({ prompt }) => prompt)}
          onPick={(index) => actions.typePrompt(examples[index]?.prompt ?? text)}
        />
      }
    >
      <div className="prompt-field">
        <TextField
          label={words.field}
          placeholder={words.hint}
          rows={2}
          value={text}
          onChange={actions.typePrompt}
          onSubmit={() => void actions.generate()}
          error={error ? problemText(texts, error) : undefined}
        />
      </div>
      <div className="prompt-actions">
        {activity === "generating" ? (
          <Button tone="danger" onClick={actions.stop}>
            {words.stop}
          </Button>
        ) : (
          <Button tone="primary" disabled={!idle} title={words.generateHint} onClick={() => void actions.generate()}>
            {words.generate}
          </Button>
        )}
        <Button disabled={!idle} title={words.compareHint} onClick={() => void actions.compare()}>
          {words.compare}
        </Button>
        <Part id="decoding">
          <DecodingOptions />
        </Part>
      </div>
    </Panel>
  );
}
