import type { ReactNode } from "react";
import { useActions, useLab } from "../../store/lab.ts";
import { optionLimits } from "../../store/promptSlice.ts";
import type { NumericOption } from "../../store/promptSlice.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { CheckField, SelectField, TextField } from "../../ui/Field.tsx";
import { useNumberInput } from "../useNumberInput.ts";

/** How tokens are chosen and when the answer ends. */
export function DecodingOptions(): ReactNode {
  const words = useTexts().prompt;
  const options = useLab((state) => state.prompt.options);
  const { setOptions } = useActions();
  return (
    <div className="decoding">
      <OptionField name="maxTokens" />
      <SelectField
        label={words.decoding[0]}
        hint={words.decoding[1]}
        value={options.decoding}
        options={[
          { value: "greedy", label: words.decodings.greedy },
          { value: "sampled", label: words.decodings.sampled },
        ]}
        onChange={(decoding) => setOptions({ decoding })}
      />
      {options.decoding === "sampled" &&
        (["temperature", "topK", "topP", "seed"] as const).map((name) => <OptionField key={name} name={name} />)}
      <CheckField
        label={words.stopAtSentence[0]}
        hint={words.stopAtSentence[1]}
        checked={options.stopAtSentence}
        onChange={(stopAtSentence) => setOptions({ stopAtSentence })}
      />
    </div>
  );
}

function OptionField({ name }: { readonly name: NumericOption }): ReactNode {
  const words = useTexts().prompt;
  const value = useLab((state) => state.prompt.options[name]);
  const { setOptions } = useActions();
  const input = useNumberInput(value, optionLimits[name], (read) => setOptions({ [name]: read }));
  const [label, hint] = words[name];
  return <TextField label={label} hint={hint} numeric {...input} />;
}
