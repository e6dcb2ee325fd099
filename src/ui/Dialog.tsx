import { useId, useLayoutEffect, useRef } from "react";
import type { ReactNode } from "react";
import { Button } from "./Button.tsx";

export interface DialogProps {
  readonly title: string;
  /** Escape, and the button named by `closeLabel` where there is one. */
  readonly onClose: () => void;
  readonly closeLabel?: string;
  readonly wide?: boolean;
  /** The whole window. */
  readonly full?: boolean;
  readonly children: ReactNode;
}

/** A modal dialog. Mount it to open it; the focus goes back where it came from. */
export function Dialog({ title, onClose, closeLabel, wide = false, full = false, children }: DialogProps): ReactNode {
  const dialogRef = useRef<HTMLDialogElement>(null);
  const id = useId();
  // Before the effects of what is inside, which may move the focus.
  useLayoutEffect(() => {
    const dialog = dialogRef.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={dialogRef}
      className="dialog"
      data-wide={wide || undefined}
      data-full={full || undefined}
      aria-labelledby={id}
      onCancel={(event) => {
        // A file picker that is closed says "cancel" too.
        if (event.target !== event.currentTarget) return;
        event.preventDefault();
        onClose();
      }}
    >
      <header className="dialog-head">
        <h2 id={id}>{title}</h2>
        {closeLabel !== undefined && (
          <Button tone="quiet" onClick={onClose}>
            {closeLabel}
          </Button>
        )}
      </header>
      {children}
    </dialog>
  );
}
