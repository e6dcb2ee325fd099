import { useEffect } from "react";
import type { ReactNode } from "react";
import { regionIds } from "../../store/controls.ts";
import type { RegionId } from "../../store/controls.ts";
import { useActions, useLab } from "../../store/lab.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { SelectField } from "../../ui/Field.tsx";

const NOWHERE = "none";

/** Where the light falls, for those who have no keys at hand; marks the whole page as presented. */
export function PresenterLight(): ReactNode {
  const texts = useTexts();
  const words = texts.learn.present;
  const spotlight = useLab((state) => state.lessons.spotlight);
  const { shine } = useActions();
  useEffect(() => {
    document.documentElement.dataset["presenting"] = "";
    return () => {
      delete document.documentElement.dataset["presenting"];
    };
  }, []);
  useEffect(() => {
    if (spotlight) document.querySelector(`[data-region="${spotlight}"] > .panel`)?.scrollIntoView({ block: "start" });
  }, [spotlight]);
  return (
    <div className="presenter-light">
      <SelectField<RegionId | typeof NOWHERE>
        label={words.light}
        value={spotlight ?? NOWHERE}
        options={[{ value: NOWHERE, label: words.noLight }, ...regionIds.map((value) => ({ value, label: texts.regions[value] }))]}
        onChange={(value) => shine(value === NOWHERE ? null : value)}
      />
      <span className="faint">{words.keys}</span>
    </div>
  );
}
