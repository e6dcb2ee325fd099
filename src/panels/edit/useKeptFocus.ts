import { useLayoutEffect, useRef } from "react";
import type { FocusEvent, RefObject } from "react";

export interface KeptFocus<L extends HTMLElement> {
  readonly list: RefObject<L | null>;
  readonly onFocus: (event: FocusEvent) => void;
}

/**
 * Keeps the focus near when the row that has it goes: on the same control of the row in its place, else of the one before it.
 * Rows carry `data-row`, controls that occur in each row `data-act`.
 * @param ids of the rows, in the order in which they are shown
 * @param fallback takes the focus when no row is left
 */
export function useKeptFocus<L extends HTMLElement>(ids: readonly number[], fallback: RefObject<HTMLElement | null>): KeptFocus<L> {
  const list = useRef<L>(null);
  const last = useRef<{ readonly id: number; readonly place: number; readonly act: string | undefined } | null>(null);
  useLayoutEffect(() => {
    const kept = last.current;
    if (!kept || ids.includes(kept.id)) return;
    last.current = null;
    // Somebody else has the focus by now.
    if (document.activeElement !== null && document.activeElement !== document.body) return;
    const rows = [...(list.current?.querySelectorAll<HTMLElement>("[data-row]") ?? [])];
    const row = rows[Math.min(kept.place, rows.length - 1)];
    const target = row?.querySelector<HTMLElement>(`[data-act="${kept.act}"]`) ?? row?.querySelector<HTMLElement>("button");
    (target ?? fallback.current)?.focus();
  }, [ids, fallback]);
  return {
    list,
    onFocus({ target }) {
      const row = target.closest<HTMLElement>("[data-row]");
      const id = Number(row?.dataset["row"]);
      last.current = row ? { id, place: ids.indexOf(id), act: (target as HTMLElement).dataset["act"] } : null;
    },
  };
}
