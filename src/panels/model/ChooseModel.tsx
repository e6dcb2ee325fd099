import type { ReactNode } from "react";
import { useActions, useLab } from "../../store/lab.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { texts } from "../texts.ts";
import { CheckedSource } from "./CheckedSource.tsx";
import { KeptChoice } from "./KeptChoice.tsx";
import { KnownModels } from "./KnownModels.tsx";
import { SourceForms } from "./SourceForms.tsx";
import "./choice.css";

const WORDS = texts.choice;

/** The choice of another model: where it comes from first, then what it is. */
export function ChooseModel(): ReactNode {
  const open = useLab((state) => state.choice.open);
  const choosing = useLab((state) => state.choice.status === "choosing");
  const { closeChoice } = useActions();
  if (!open) return null;
  return (
    <Dialog wide title={WORDS.title} closeLabel={WORDS.close} onClose={closeChoice}>
      {choosing ? <AllModels /> : <CheckedSource />}
    </Dialog>
  );
}

function AllModels(): ReactNode {
  return (
    <div className="choice">
      <p className="faint">{WORDS.note}</p>
      <KeptChoice />
      <KnownModels />
      <SourceForms />
    </div>
  );
}
