import { useState } from "react";
import type { ReactNode } from "react";
import type { ImportedDrafts } from "../../engine/protocol.ts";
import { useActions, useLab } from "../../store/lab.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { Button } from "../../ui/Button.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { TextField } from "../../ui/Field.tsx";
import { FilePick } from "../../ui/FilePick.tsx";
import { Problem } from "../Problem.tsx";
import { ImportTable } from "./ImportTable.tsx";
import "./import.css";

/** Shows what a file of edits holds, row by row, before any of it goes into the queue. */
export function ImportDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const words = useTexts().imports;
  const { status, name, facts, error } = useLab((state) => state.imports);
  const { readImport, closeImport } = useActions();
  const close = (): void => {
    closeImport();
    onClose();
  };
  const take = ([file]: Iterable<File>): void => {
    if (file) void readImport(file);
  };
  return (
    <Dialog title={words.title} closeLabel={words.close} onClose={close} wide>
      <div
        className="import"
        data-drop="edits"
        onDragOver={(event) => event.preventDefault()}
        onDrop={(event) => {
          event.preventDefault();
          take(event.dataTransfer.files);
        }}
      >
        <p>{words.formats}</p>
        <div className="import-line">
          <FilePick label={words.pick} onPick={take} />
          <span className="faint">{words.drop}</span>
        </div>
        {status === "reading" && <p role="status">{words.reading(name)}</p>}
        {error && <Problem error={error} title={words.failed} />}
        {facts && <ImportChoice key={name} name={name} facts={facts} onDone={close} />}
      </div>
    </Dialog>
  );
}

interface ImportChoiceProps {
  readonly name: string;
  readonly facts: ImportedDrafts;
  readonly onDone: () => void;
}

function ImportChoice({ name, facts, onDone }: ImportChoiceProps): ReactNode {
  const words = useTexts().imports;
  const { queueDrafts } = useActions();
  const { drafts, records, problemCount } = facts;
  const [without, setWithout] = useState<ReadonlySet<number>>(new Set());
  const [limit, setLimit] = useState(String(drafts.length));
  const most = /^\d+$/u.test(limit.trim()) ? Number(limit) : 0;
  const taken = drafts.filter(({ row }) => !without.has(row)).slice(0, most);
  return (
    <>
      <p role="status">
        <strong>{words.found(name, records, problemCount)}</strong> {records > drafts.length && words.firstOnly(drafts.length)}
      </p>
      <ImportTable facts={facts} without={without} taken={new Set(taken.map(({ row }) => row))} onWithout={setWithout} />
      <div className="import-line">
        <TextField numeric label={words.limit} hint={words.limitHint} value={limit} onChange={setLimit} />
        <Button
          tone="primary"
          disabled={taken.length === 0}
          onClick={() => {
            queueDrafts(taken.map(({ draft }) => draft));
            onDone();
          }}
        >
          {words.queue(taken.length)}
        </Button>
      </div>
    </>
  );
}
