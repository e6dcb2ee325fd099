import type { ReactNode } from "react";
import type { ErrorCode } from "../../lib/errors.ts";
import { useActions, useLab } from "../../store/lab.ts";
import { activityOf } from "../../store/selectors.ts";
import { Button } from "../../ui/Button.tsx";
import { TextField } from "../../ui/Field.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { PickMenu } from "../../ui/PickMenu.tsx";
import { texts } from "../texts.ts";
import { DecodingOptions } from "./DecodingOptions.tsx";
import "./generate.css";

const WORDS = texts.prompt;

/** Errors that are about the prompt are shown at the prompt, not in the answer. */
export const promptErrors: readonly ErrorCode[] = ["empty-prompt", "text-too-long"];

export function PromptPanel(): ReactNode {
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
          label={WORDS.examples}
          items={examples.map(({ prompt }) => prompt)}
          onPick={(index) => actions.typePrompt(examples[index]?.prompt ?? text)}
        />
      }
    >
      <div className="prompt-field">
        <TextField
          label={WORDS.field}
          hint={WORDS.hint}
          rows={2}
          value={text}
          onChange={actions.typePrompt}
          onSubmit={() => void actions.generate()}
          error={error ? `${error.message} ${error.hint}` : undefined}
        />
      </div>
      <div className="prompt-actions">
        {activity === "generating" ? (
          <Button tone="danger" onClick={actions.stop}>
            {WORDS.stop}
          </Button>
        ) : (
          <Button tone="primary" disabled={!idle} title={WORDS.generateHint} onClick={() => void actions.generate()}>
            {WORDS.generate}
          </Button>
        )}
        <Button disabled={!idle} title={WORDS.compareHint} onClick={() => void actions.compare()}>
          {WORDS.compare}
        </Button>
        <DecodingOptions />
      </div>
    </Panel>
  );
}
