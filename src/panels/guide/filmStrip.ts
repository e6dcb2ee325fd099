import type { FilmFrame } from "./guideTasks.ts";

/** Addresses of the pictures, which `e2e/filmStrip.spec.ts` takes. */
const files = import.meta.glob<string>("../../../docs/film/*.webp", { eager: true, query: "?url", import: "default" });

/** Null where the strip lacks it. */
export const filmAddress = (frame: FilmFrame): string | null => files[`../../../docs/film/${frame}.webp`] ?? null;
