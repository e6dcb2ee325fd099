import type { ReactNode } from "react";
import { useActions, useLab } from "../../store/lab.ts";
import { loadedShare } from "../../store/modelSlice.ts";
import { Button } from "../../ui/Button.tsx";
import { formatBytes } from "../../ui/format.ts";
import { Notice } from "../../ui/Notice.tsx";
import { ProgressBar } from "../../ui/ProgressBar.tsx";
import { Problem } from "../Problem.tsx";
import { texts } from "../texts.ts";
import "./model.css";

const WORDS = texts.loading;

/** How the model's way into the GPU stands, over the whole width; gone once it is there. */
export function LoadingBand(): ReactNode {
  const device = useLab((state) => state.device);
  const model = useLab((state) => state.model);
  const { boot, load, cancelLoad } = useActions();
  if (device.status === "failed" && device.error) {
    return (
      <Problem error={device.error} title={WORDS.gpuFailed}>
        <Button onClick={() => void boot()}>{texts.common.retry}</Button>
      </Problem>
    );
  }
  if (device.status === "lost") return null;
  if (model.status === "failed" && model.error) {
    return (
      <Problem error={model.error} title={WORDS.failed}>
        <Button onClick={() => void load(model.variant)}>{texts.common.retry}</Button>
      </Problem>
    );
  }
  if (model.status === "cancelled") {
    return (
      <Notice tone="info">
        <p>{WORDS.cancelled}</p>
        <Button onClick={() => void load(model.variant)}>{WORDS.retry}</Button>
      </Notice>
    );
  }
  if (model.status === "ready") return null;
  return (
    <div className="loading">
      <LoadingText />
      <ProgressBar label={WORDS.label} share={loadedShare(model.progress)} />
      <Button tone="quiet" disabled={model.status !== "loading"} onClick={cancelLoad}>
        {WORDS.cancel}
      </Button>
    </div>
  );
}

function LoadingText(): ReactNode {
  const starting = useLab((state) => state.model.status !== "loading");
  const progress = useLab((state) => state.model.progress);
  if (starting) return <p>{texts.app.status.starting}</p>;
  if (!progress) return <p>{WORDS.begin}</p>;
  const { phase, file, loadedBytes, totalBytes } = progress;
  return (
    <p>
      {WORDS.phases[phase]} <code>{file}</code>{" "}
      <span className="loading-bytes">
        {formatBytes(loadedBytes)} / {totalBytes > 0 ? formatBytes(totalBytes) : texts.common.none}
      </span>
    </p>
  );
}
