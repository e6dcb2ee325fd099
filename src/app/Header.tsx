import type { ReactNode } from "react";
import { LearnButtons } from "../panels/learn/LearnButtons.tsx";
import { WherePart } from "../panels/learn/Part.tsx";
import { PaletteButton } from "../panels/palette/PaletteButton.tsx";
import { runningOf } from "../store/evaluationSlice.ts";
import { useLab } from "../store/lab.ts";
import { activityOf } from "../store/selectors.ts";
import { useTexts } from "../texts/useTexts.ts";
import { chooseTheme, useThemeChoice } from "../ui/theme.ts";
import type { ThemeChoice } from "../ui/theme.ts";
import { Badge } from "./Badge.tsx";
import { LanguageChoice } from "./LanguageChoice.tsx";

const LINKED = ["evaluation", "model", "device"] as const;
const THEMES: readonly ThemeChoice[] = ["system", "light", "dark"];

export function Header(): ReactNode {
  const texts = useTexts();
  const words = texts.app;
  const activity = useLab(activityOf);
  const model = useLab((state) => state.model.facts);
  const commit = useLab((state) => state.model.loaded?.commit);
  const software = useLab((state) => state.device.facts?.software ?? false);
  const wrong = useLab((state) => state.proof.facts?.problem?.message);
  const unsupported = useLab((state) => state.device.status === "unsupported");
  const evaluating = useLab((state) => runningOf(state.evaluation));
  const theme = useThemeChoice();
  return (
    <header className="header">
      <a className="skip" href="#prompt">
        {words.toContent}
      </a>
      <h1>{words.name}</h1>
      <p className="header-tagline">{words.tagline}</p>
      <p className="header-status" role="status" data-activity={activity}>
        <i aria-hidden="true" />
        <span>{words.status[activity]}</span>
        {model && (
          <span className="header-model" title={[model.name, commit, model.quantization].filter(Boolean).join(", ")}>
            {[model.name, commit?.slice(0, 7), model.quantization.split(";")[0]].filter(Boolean).join(", ")}
          </span>
        )}
        {software && (
          <a className="header-warning" href="#device" title={texts.device.software}>
            {words.software}
          </a>
        )}
        {evaluating && <a href="#evaluation">{texts.evaluation.inHeader(evaluating.done, evaluating.of)}</a>}
        {wrong !== undefined && (
          <a className="header-warning" href="#device" title={wrong}>
            {words.wrongResults}
          </a>
        )}
      </p>
      {!unsupported && <Badge />}
      {!unsupported && (
        <nav className="header-parts" aria-label={words.pageParts}>
          <LearnButtons />
          {LINKED.map((id) => (
            <WherePart key={id} id={id}>
              <a href={`#${id}`}>{texts.regions[id]}</a>
            </WherePart>
          ))}
        </nav>
      )}
      <PaletteButton />
      <LanguageChoice />
      <select
        aria-label={words.theme}
        title={words.theme}
        value={theme}
        onChange={(event) => chooseTheme(event.target.value as ThemeChoice)}
      >
        {THEMES.map((choice) => (
          <option key={choice} value={choice}>
            {words.themes[choice]}
          </option>
        ))}
      </select>
    </header>
  );
}
