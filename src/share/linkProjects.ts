import { crc32 } from "./bytes.ts";

/** What a link became in this browser. */
export interface LinkProject {
  readonly project: string;
  /** All of the link is in it, or the person stopped it; otherwise the page was left while it was made. */
  readonly finished: boolean;
}

/** Which project each link became: a link that is opened again, or a page that is reloaded, makes no other one. */
export interface LinkProjects {
  find(fragment: string): LinkProject | null;
  remember(fragment: string, made: LinkProject): void;
}

const KEY = "elder-lab.links";
/** Of the links opened last. */
const MOST = 100;

type Entry = LinkProject & { readonly link: string };

/** @param storage undefined where the browser gives none: nothing is remembered then, and no project is kept either */
export function createLinkProjects(storage: Pick<Storage, "getItem" | "setItem"> | undefined): LinkProjects {
  return {
    find(fragment) {
      const found = read(storage).find(({ link }) => link === nameOf(fragment));
      return found ? { project: found.project, finished: found.finished } : null;
    },
    remember(fragment, made) {
      const link = nameOf(fragment);
      const others = read(storage).filter((entry) => entry.link !== link);
      try {
        storage?.setItem(KEY, JSON.stringify([{ link, ...made }, ...others].slice(0, MOST)));
      } catch {
        // Full or blocked: the link makes another project next time.
      }
    },
  };
}

/** A checksum beside the length: what a link says is in the project anyway. */
const nameOf = (fragment: string): string => `${fragment.length}-${crc32(new TextEncoder().encode(fragment))}`;

/** Nothing for what this page has not written. */
function read(storage: Pick<Storage, "getItem"> | undefined): readonly Entry[] {
  try {
    const kept: unknown = JSON.parse(storage?.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter(isEntry) : [];
  } catch {
    return [];
  }
}

function isEntry(value: unknown): value is Entry {
  if (typeof value !== "object" || value === null) return false;
  const { link, project, finished } = value as Readonly<Record<string, unknown>>;
  return typeof link === "string" && typeof project === "string" && typeof finished === "boolean";
}
