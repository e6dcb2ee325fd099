import type { Lesson } from "../../lessons/lesson.ts";
import { regionIds } from "../../store/controls.ts";
import type { RegionId } from "../../store/controls.ts";

/** What a key does for a presenter. Clickers send PageUp and PageDown. */
export type PresenterMove =
  | { readonly kind: "step"; readonly step: number; readonly light: RegionId | null }
  | { readonly kind: "light"; readonly light: RegionId | null }
  | { readonly kind: "end" };

export interface Presented {
  readonly lesson: Lesson | null;
  readonly step: number;
  readonly light: RegionId | null;
}

/** @returns null for keys that are none of the presenter's */
export function presenterMove(key: string, { lesson, step, light }: Presented): PresenterMove | null {
  const stepTo = (next: number): PresenterMove | null =>
    lesson && next >= 0 && next <= lesson.steps.length ? { kind: "step", step: next, light: lesson.steps[next]?.region ?? null } : null;
  const places: readonly (RegionId | null)[] = [null, ...regionIds];
  const lightTo = (way: 1 | -1): PresenterMove => {
    const next = places[(places.indexOf(light) + way + places.length) % places.length];
    return { kind: "light", light: next ?? null };
  };
  switch (key) {
    case "ArrowRight":
    case "PageDown":
      return stepTo(step + 1);
    case "ArrowLeft":
    case "PageUp":
      return stepTo(step - 1);
    case "ArrowDown":
      return lightTo(1);
    case "ArrowUp":
      return lightTo(-1);
    case "Escape":
      return { kind: "end" };
    default:
      return null;
  }
}
