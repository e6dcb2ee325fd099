import type { ReactNode } from "react";
import { Panel } from "../../ui/Panel.tsx";
import { texts } from "../texts.ts";
import { AnswerColumn } from "./AnswerColumn.tsx";
import "./generate.css";

export function AnswersPanel(): ReactNode {
  return (
    <Panel title={texts.regions.answers}>
      <div className="answers">
        <AnswerColumn column="base" />
        <AnswerColumn column="edited" />
      </div>
    </Panel>
  );
}
