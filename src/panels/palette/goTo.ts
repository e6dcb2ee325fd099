import { currentTexts } from "../../texts/language.ts";
import type { Texts } from "../../texts/texts.ts";

/** A panel, by the name of its texts. */
export type PlaceId = keyof Texts["regions"];

/** The panel on the page, live or recorded; null where there is none now. */
export function placeOf(id: PlaceId): HTMLElement | null {
  return document.querySelector(`section[aria-label="${CSS.escape(currentTexts().regions[id])}"]`);
}

/** Brings a panel into view and the keys into it: to the field given, else to the panel, so that Tab goes on from there. */
export function goTo(id: PlaceId, field?: string): void {
  const place = placeOf(id);
  const target = (field === undefined ? null : place?.querySelector<HTMLElement>(field)) ?? place;
  if (!place || !target) return;
  if (target === place) place.tabIndex = -1;
  place.scrollIntoView({ block: place.offsetHeight > window.innerHeight ? "start" : "nearest" });
  target.focus({ preventScroll: target === place });
}
