import type { ReactNode } from "react";
import { evaluationTexts } from "../panels/evaluation/evaluationTexts.ts";
import { texts } from "../panels/texts.ts";
import { runningOf } from "../store/evaluationSlice.ts";
import { useLab } from "../store/lab.ts";
import { activityOf } from "../store/selectors.ts";
import { chooseTheme, useThemeChoice } from "../ui/theme.ts";
import type { ThemeChoice } from "../ui/theme.ts";

const WORDS = texts.app;
const THEMES: readonly ThemeChoice[] = ["system", "light", "dark"];

export function Header(): ReactNode {
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
        {WORDS.toContent}
      </a>
      <h1>{WORDS.name}</h1>
      <p className="header-tagline">{WORDS.tagline}</p>
      <p className="header-status" role="status" data-activity={activity}>
        <i aria-hidden="true" />
        <span>{WORDS.status[activity]}</span>
        {model && (
          <span className="header-model" title={[model.name, commit, model.quantization].filter(Boolean).join(", ")}>
            {[model.name, commit?.slice(0, 7), model.quantization.split(";")[0]].filter(Boolean).join(", ")}
          </span>
        )}
        {software && (
          <a className="header-warning" href="#device" title={texts.device.software}>
            {WORDS.software}
          </a>
        )}
        {evaluating && <a href="#evaluation">{evaluationTexts.inHeader(evaluating.done, evaluating.of)}</a>}
        {wrong !== undefined && (
          <a className="header-warning" href="#device" title={wrong}>
            {WORDS.wrongResults}
          </a>
        )}
      </p>
      {!unsupported && (
        <nav className="header-parts" aria-label={WORDS.pageParts}>
          <a href="#evaluation">{texts.regions.evaluation}</a>
          <a href="#model">{texts.regions.model}</a>
          <a href="#device">{texts.regions.device}</a>
        </nav>
      )}
      <select
        aria-label={WORDS.theme}
        title={WORDS.theme}
        value={theme}
        onChange={(event) => chooseTheme(event.target.value as ThemeChoice)}
      >
        {THEMES.map((choice) => (
          <option key={choice} value={choice}>
            {WORDS.themes[choice]}
          </option>
        ))}
      </select>
    </header>
  );
}
