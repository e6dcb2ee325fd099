import { useEffect, useRef } from "react";
import type { ReactNode } from "react";
import { useActions, useLab } from "../../store/lab.ts";
import { unfinishedOf } from "../../store/storageSlice.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { Button } from "../../ui/Button.tsx";
import { formatBytes } from "../../ui/format.ts";
import { Notice } from "../../ui/Notice.tsx";
import { Problem } from "../Problem.tsx";
import { LoadingProgress } from "./LoadingProgress.tsx";
import "./model.css";

/** How the model's way into the GPU stands, over the whole width; gone once it is there. */
export function LoadingBand(): ReactNode {
  const texts = useTexts();
  const words = texts.loading;
  const device = useLab((state) => state.device);
  const model = useLab((state) => state.model);
  const { boot } = useActions();
  if (device.status === "failed" && device.error) {
    return (
      <Problem error={device.error} title={words.gpuFailed}>
        <Button onClick={() => void boot()}>{texts.common.retry}</Button>
      </Problem>
    );
  }
  if (device.status === "lost" || device.status === "recovering") return null;
  if (model.status === "none" || model.status === "loading") return <LoadingProgress />;
  if (model.error?.code === "cancelled") {
    return (
      <Notice tone="info">
        <p>{words.cancelled}</p>
        <WhatIsLeft />
      </Notice>
    );
  }
  return (
    model.error && (
      <Problem error={model.error} title={words.failed}>
        <WhatIsLeft />
      </Problem>
    )
  );
}

/** After a load that led to nothing: what there is still, and the ways on. */
function WhatIsLeft(): ReactNode {
  const texts = useTexts();
  const words = texts.loading;
  const { status, request, error } = useLab((state) => state.model);
  const storage = useLab((state) => state.storage);
  const { load, dismissLoad } = useActions();
  const left = unfinishedOf(storage, request);
  const lineRef = useRef<HTMLDivElement>(null);
  const byPerson = request.source.kind !== "built-in";
  useEffect(() => {
    // What had the focus went with the load.
    if (byPerson && document.activeElement === document.body) lineRef.current?.querySelector("button")?.focus();
  }, [byPerson]);
  const again = error?.code === "cancelled" ? (left ? words.goOn : words.retry) : texts.common.retry;
  return (
    <>
      {left && <p>{words.leftOff(formatBytes(left.bytes), formatBytes(left.totalBytes))}</p>}
      {status === "ready" && <p>{words.keptAfterFailure}</p>}
      <div className="choice-line" ref={lineRef}>
        <Button onClick={() => void load(request)}>{again}</Button>
        {status === "ready" && (
          <Button tone="quiet" onClick={dismissLoad}>
            {words.dismiss}
          </Button>
        )}
      </div>
    </>
  );
}
