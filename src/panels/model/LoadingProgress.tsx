import { useEffect, useRef } from "react";
import type { ReactNode } from "react";
import type { LoadProgress } from "../../engine/protocol.ts";
import { useActions, useLab } from "../../store/lab.ts";
import { loadedShare } from "../../store/modelSlice.ts";
import { isDownloaded, nameOfSource } from "../../store/sourceRef.ts";
import type { Texts } from "../../texts/texts.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { Button } from "../../ui/Button.tsx";
import { formatBytes, formatDuration } from "../../ui/format.ts";
import { ProgressBar } from "../../ui/ProgressBar.tsx";

/** A load under way: what is being read, how far and how fast, and how to hold or end it. */
export function LoadingProgress(): ReactNode {
  const texts = useTexts();
  const words = texts.loading;
  const { status, progress, pausing, request } = useLab((state) => state.model);
  const { cancelLoad, pauseLoad } = useActions();
  const boxRef = useRef<HTMLDivElement>(null);
  const loading = status === "loading";
  const byPerson = request.source.kind !== "built-in";
  useEffect(() => {
    // Chosen further down, or in a dialog that is gone: the person goes on here.
    if (loading && byPerson) boxRef.current?.focus();
  }, [loading, byPerson]);
  return (
    <div ref={boxRef} className="loading" role="group" aria-label={words.label} tabIndex={-1}>
      <LoadingText />
      <ProgressBar label={words.label} share={loadedShare(progress)} valueText={progress ? amountText(progress, texts) : words.begin} />
      <div className="loading-actions">
        {isDownloaded(request.source) && (
          <Button tone="quiet" disabled={!loading} onClick={() => pauseLoad(!pausing)}>
            {pausing ? words.resume : words.pause}
          </Button>
        )}
        <Button tone="quiet" disabled={!loading} onClick={cancelLoad}>
          {words.cancel}
        </Button>
      </div>
      {progress && <LoadingDetails progress={progress} />}
    </div>
  );
}

const amountText = ({ loadedBytes, totalBytes }: LoadProgress, { loading, common }: Texts): string =>
  loading.of(formatBytes(loadedBytes), totalBytes > 0 ? formatBytes(totalBytes) : common.none);

function LoadingText(): ReactNode {
  const texts = useTexts();
  const words = texts.loading;
  const { status, progress, pausing, request } = useLab((state) => state.model);
  if (status !== "loading") return <p>{texts.app.status.starting}</p>;
  if (!progress) return <p>{words.begin}</p>;
  const { phase, file, state } = progress;
  const doing = phase === "weights" && isDownloaded(request.source) ? words.downloading : words.phases[phase];
  const held = state === "paused" ? words.paused : pausing ? words.pausing : state === "retrying" ? words.retrying : null;
  const name = nameOfSource(request.source);
  return (
    <p>
      {name !== "" && <strong>{name} </strong>}
      {held ?? doing} {file !== name && <code>{file}</code>}
    </p>
  );
}

function LoadingDetails({ progress }: { readonly progress: LoadProgress }): ReactNode {
  const texts = useTexts();
  const words = texts.loading;
  const { bytesPerSecond, secondsLeft, uploadedBytes, files, notKept, state } = progress;
  const running = state === "running";
  const figures = [
    amountText(progress, texts),
    ...(running && bytesPerSecond !== null ? [words.rate(formatBytes(bytesPerSecond))] : []),
    ...(running && secondsLeft !== null ? [words.left(formatDuration(secondsLeft))] : []),
    ...(uploadedBytes > 0 ? [words.uploaded(formatBytes(uploadedBytes))] : []),
  ];
  return (
    <div className="loading-details">
      <p className="loading-figures">{figures.join(" · ")}</p>
      {files.length > 1 && <LoadingFiles files={files} />}
      {notKept !== null && (
        <p className="loading-warning" role="alert">
          {words.notKept}: {notKept}
        </p>
      )}
    </div>
  );
}

function LoadingFiles({ files }: Pick<LoadProgress, "files">): ReactNode {
  const words = useTexts().loading;
  return (
    <details>
      <summary>{words.files(files.length)}</summary>
      <ul>
        {files.map(({ file, loadedBytes, totalBytes }) => (
          <li key={file}>
            <code>{file}</code>
            <ProgressBar label={file} share={totalBytes > 0 ? loadedBytes / totalBytes : null} />
            <span>{words.of(formatBytes(loadedBytes), formatBytes(totalBytes))}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}
