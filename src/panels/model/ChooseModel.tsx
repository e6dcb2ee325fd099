import type { ReactNode } from "react";
import { useActions, useLab } from "../../store/lab.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { CheckedSource } from "./CheckedSource.tsx";
import { KeptChoice } from "./KeptChoice.tsx";
import { KnownModels } from "./KnownModels.tsx";
import { SourceForms } from "./SourceForms.tsx";
import "./choice.css";

/** The choice of another model: where it comes from first, then what it is. */
export function ChooseModel(): ReactNode {
  const words = useTexts().choice;
  const open = useLab((state) => state.choice.open);
  const choosing = useLab((state) => state.choice.status === "choosing");
  const { closeChoice } = useActions();
  if (!open) return null;
  return (
    <Dialog wide title={words.title} closeLabel={words.close} onClose={closeChoice}>
      {choosing ? <AllModels /> : <CheckedSource />}
    </Dialog>
  );
}

function AllModels(): ReactNode {
  const words = useTexts().choice;
  return (
    <div className="choice">
      <p className="faint">{words.note}</p>
      <KeptChoice />
      <KnownModels />
      <SourceForms />
    </div>
  );
}
