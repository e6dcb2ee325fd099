import { useState } from "react";
import type { ReactNode } from "react";
import type { RemovedItem } from "../../engine/protocol.ts";
import { useActions, useLab } from "../../store/lab.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { Button } from "../../ui/Button.tsx";
import { ConfirmDialog } from "../../ui/ConfirmDialog.tsx";
import { formatBytes } from "../../ui/format.ts";

/** What was removed and can still be put back. */
export function RemovedItems({ items }: { readonly items: readonly RemovedItem[] }): ReactNode {
  const words = useTexts().storage;
  const changing = useLab((state) => state.storage.changing);
  const { putBack, emptyBin } = useActions();
  const [asking, setAsking] = useState(false);
  const total = formatBytes(items.reduce((sum, { bytes }) => sum + bytes, 0));
  return (
    <section aria-label={words.removed}>
      <h3>{words.removed}</h3>
      <p className="faint">{words.removedText}</p>
      {items.map(({ key, name, bytes }) => (
        <div key={key} className="storage-line">
          <p>
            {name} <span className="faint-text">{formatBytes(bytes)}</span>
          </p>
          <Button tone="quiet" aria-label={words.putBackOne(name)} disabled={changing} onClick={() => void putBack(key)}>
            {words.putBack}
          </Button>
        </div>
      ))}
      <Button disabled={changing} onClick={() => setAsking(true)}>
        {words.free(total)}
      </Button>
      {asking && (
        <ConfirmDialog
          title={words.freeTitle}
          confirmLabel={words.freeConfirm}
          cancelLabel={words.keep}
          onCancel={() => setAsking(false)}
          onConfirm={() => {
            setAsking(false);
            void emptyBin();
          }}
        >
          <p>{words.freeText(total)}</p>
        </ConfirmDialog>
      )}
    </section>
  );
}
