import type { ReactNode } from "react";
import { useTexts } from "../../texts/useTexts.ts";
import { ConfirmDialog } from "../../ui/ConfirmDialog.tsx";

export interface ConfirmReplaceProps {
  readonly edits: number;
  readonly onConfirm: () => void;
  readonly onCancel: () => void;
}

/** Asks before a fresh mixture replaces one that carries edits. */
export function ConfirmReplace({ edits, onConfirm, onCancel }: ConfirmReplaceProps): ReactNode {
  const words = useTexts().model;
  return (
    <ConfirmDialog
      title={words.replaceTitle}
      confirmLabel={words.replaceConfirm}
      cancelLabel={words.keep}
      onConfirm={onConfirm}
      onCancel={onCancel}
    >
      <p>{words.replaceText(edits)}</p>
    </ConfirmDialog>
  );
}
