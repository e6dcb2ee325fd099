import { useRef } from "react";
import type { ReactNode } from "react";
import type { StorageFacts } from "../../engine/protocol.ts";
import { useActions, useLab } from "../../store/lab.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { Button } from "../../ui/Button.tsx";
import { formatBytes } from "../../ui/format.ts";
import { Panel } from "../../ui/Panel.tsx";
import { ProgressBar } from "../../ui/ProgressBar.tsx";
import { Problem } from "../Problem.tsx";
import { KeptModels } from "./KeptModels.tsx";
import { RemovedItems } from "./RemovedItems.tsx";
import { UnfinishedDownloads } from "./UnfinishedDownloads.tsx";
import "./storage.css";

/** What this browser keeps for the page, and how safe it is there. */
export function StoragePanel(): ReactNode {
  const texts = useTexts();
  const words = texts.storage;
  const facts = useLab((state) => state.storage.facts);
  const error = useLab((state) => state.storage.error);
  const listRef = useRef<HTMLDivElement>(null);
  const { removeKept } = useActions();
  const remove = async (key: string): Promise<void> => {
    await removeKept(key);
    // The button that had the focus went with its row.
    if (document.activeElement === document.body) listRef.current?.focus();
  };
  return (
    <Panel title={texts.regions.storage} id="storage">
      {error && <Problem error={error} title={words.failed} />}
      {!facts && !error && <p className="faint">{words.reading}</p>}
      {facts && !facts.available && <p>{words.unavailable}</p>}
      {facts?.available && (
        <div className="storage" ref={listRef} tabIndex={-1}>
          {facts.models.length > 0 ? (
            <KeptModels models={facts.models} onRemove={(key) => void remove(key)} />
          ) : (
            <p className="faint">{words.empty}</p>
          )}
          {facts.unfinished.length > 0 && <UnfinishedDownloads downloads={facts.unfinished} onRemove={(key) => void remove(key)} />}
          {facts.removed.length > 0 && <RemovedItems items={facts.removed} />}
          <UsedSpace facts={facts} />
          <Persistence facts={facts} />
        </div>
      )}
    </Panel>
  );
}

function UsedSpace({ facts: { usedBytes, quotaBytes } }: { readonly facts: StorageFacts }): ReactNode {
  const words = useTexts().storage;
  if (usedBytes === null || quotaBytes === null) return <p className="faint">{words.unknownQuota}</p>;
  const text = words.used(formatBytes(usedBytes), formatBytes(quotaBytes));
  return (
    <div className="storage-used">
      <ProgressBar meter label={words.usedLabel} share={quotaBytes > 0 ? usedBytes / quotaBytes : 0} valueText={text} />
      <p>{text}</p>
    </div>
  );
}

function Persistence({ facts }: { readonly facts: StorageFacts }): ReactNode {
  const words = useTexts().storage;
  const { askToPersist } = useActions();
  const persistence = useLab((state) => state.storage.persistence);
  if (facts.persisted || persistence === "granted") return <p className="faint">{words.persisted}</p>;
  return (
    <div className="storage-line">
      <p role="status">{persistence === "refused" ? words.refused : words.notPersisted}</p>
      <Button disabled={persistence === "asking"} onClick={() => void askToPersist()}>
        {persistence === "asking" ? words.asking : words.persist}
      </Button>
    </div>
  );
}
