import type { ReactNode } from "react";
import { Button } from "./Button.tsx";
import { Dialog } from "./Dialog.tsx";

export interface ConfirmDialogProps {
  readonly title: string;
  readonly confirmLabel: string;
  readonly cancelLabel: string;
  readonly onConfirm: () => void;
  readonly onCancel: () => void;
  readonly children: ReactNode;
}

/** Asks before something is lost. Mount it to open it; Escape cancels. */
export function ConfirmDialog({ title, confirmLabel, cancelLabel, onConfirm, onCancel, children }: ConfirmDialogProps): ReactNode {
  return (
    <Dialog title={title} onClose={onCancel}>
      <div>{children}</div>
      <div className="dialog-actions">
        <Button onClick={onCancel}>{cancelLabel}</Button>
        <Button tone="danger" onClick={onConfirm}>
          {confirmLabel}
        </Button>
      </div>
    </Dialog>
  );
}
