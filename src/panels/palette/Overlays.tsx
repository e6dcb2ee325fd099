import { lazy, Suspense } from "react";
import type { ReactNode } from "react";
import { latePart } from "../../lib/lateParts.ts";
import { useLab } from "../../store/lab.ts";
import { useShortcuts } from "./useShortcuts.ts";

const Palette = lazy(latePart(async () => ({ default: (await import("./Palette.tsx")).Palette })));
const Keyboard = lazy(latePart(async () => ({ default: (await import("./Keyboard.tsx")).Keyboard })));
const Guide = lazy(latePart(async () => ({ default: (await import("../guide/Guide.tsx")).Guide })));

/** What a person calls over the page, and the keys that do so. */
export function Overlays(): ReactNode {
  const overlay = useLab((state) => state.overlay);
  useShortcuts();
  return (
    <Suspense>
      {overlay === "palette" && <Palette />}
      {overlay === "keyboard" && <Keyboard />}
      {overlay === "guide" && <Guide />}
    </Suspense>
  );
}
