import type { ReactNode } from "react";
import type { UnfinishedDownload } from "../../engine/protocol.ts";
import { useActions, useLab } from "../../store/lab.ts";
import { canChangeModel } from "../../store/selectors.ts";
import { refOf } from "../../store/sourceRef.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { Button } from "../../ui/Button.tsx";
import { formatBytes } from "../../ui/format.ts";
import { ProgressBar } from "../../ui/ProgressBar.tsx";

export interface UnfinishedDownloadsProps {
  readonly downloads: readonly UnfinishedDownload[];
  readonly onRemove: (key: string) => void;
}

/** Downloads that were left off; going on starts with the check, which knows the way from there. */
export function UnfinishedDownloads({ downloads, onRemove }: UnfinishedDownloadsProps): ReactNode {
  const texts = useTexts();
  const words = texts.storage;
  const free = useLab(canChangeModel);
  const { check } = useActions();
  return (
    <section aria-label={words.unfinished}>
      <h3>{words.unfinished}</h3>
      {downloads.map((download) => {
        const { key, name, bytes, totalBytes } = download;
        const source = refOf(download.source);
        const amount = texts.loading.of(formatBytes(bytes), formatBytes(totalBytes));
        return (
          <div key={key} className="storage-unfinished">
            <p>{name}</p>
            <ProgressBar meter label={words.progress(name)} share={totalBytes > 0 ? bytes / totalBytes : 0} valueText={amount} />
            <p className="faint">{amount}</p>
            <span>
              {source && (
                <Button tone="quiet" aria-label={words.goOnOne(name)} disabled={!free} onClick={() => void check(source)}>
                  {words.goOn}
                </Button>
              )}
              <Button tone="quiet" aria-label={words.removeOne(name)} disabled={!free} onClick={() => onRemove(key)}>
                {words.remove}
              </Button>
            </span>
          </div>
        );
      })}
    </section>
  );
}
