import { lazy, Suspense, useEffect } from "react";
import type { ReactNode } from "react";
import { latePart } from "../../lib/lateParts.ts";
import { useLab } from "../../store/lab.ts";
import { useTexts } from "../../texts/useTexts.ts";

const LearnPanel = lazy(latePart(async () => ({ default: (await import("./LearnPanel.tsx")).LearnPanel })));
const ShareDialog = lazy(latePart(async () => ({ default: (await import("./ShareDialog.tsx")).ShareDialog })));

/** Lessons and the dialog for sharing, whose scripts come when they are asked for. */
export function LearnDock(): ReactNode {
  const words = useTexts().learn;
  const open = useLab((state) => state.lessons.open);
  const sharing = useLab((state) => state.link.sharing);
  useHeaderHeight();
  return (
    <>
      {open && (
        <Suspense fallback={<p className="faint learn-loading">{words.loading}</p>}>
          <LearnPanel />
        </Suspense>
      )}
      {sharing && (
        <Suspense>
          <ShareDialog />
        </Suspense>
      )}
    </>
  );
}

/** The header has more lines on small screens: what is fixed below it begins there. */
function useHeaderHeight(): void {
  useEffect(() => {
    const header = document.querySelector(".header");
    if (!header) return;
    const observer = new ResizeObserver(() =>
      document.documentElement.style.setProperty("--header-height", `${header.getBoundingClientRect().height}px`),
    );
    observer.observe(header);
    return () => observer.disconnect();
  }, []);
}
