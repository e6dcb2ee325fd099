import type { ReactNode } from "react";
import { useTexts } from "../../texts/useTexts.ts";
import { Panel } from "../../ui/Panel.tsx";
import { AnswerColumn } from "./AnswerColumn.tsx";
import "./generate.css";

export function AnswersPanel(): ReactNode {
  const texts = useTexts();
  return (
    <Panel title={texts.regions.answers}>
      <div className="answers">
        <AnswerColumn column="base" />
        <AnswerColumn column="edited" />
      </div>
    </Panel>
  );
}
