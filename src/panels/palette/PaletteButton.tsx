import type { ReactNode } from "react";
import { useActions } from "../../store/lab.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { KeyCaps } from "../../ui/KeyCaps.tsx";
import { ariaKeys, isMac, keyNames } from "./keys.ts";
import type { Keys } from "./keys.ts";
import "./palette.css";

const KEYS: Keys = "Mod+K";

/** The way to everything the page can do, for the header. */
export function PaletteButton(): ReactNode {
  const words = useTexts().palette;
  const { openOverlay } = useActions();
  const mac = isMac();
  return (
    <button
      type="button"
      className="button palette-button"
      aria-haspopup="dialog"
      aria-keyshortcuts={ariaKeys(KEYS, mac)}
      title={words.hint}
      onClick={() => openOverlay("palette")}
    >
      <span>{words.open}</span>
      <span aria-hidden="true">
        <KeyCaps names={keyNames(KEYS, words.keyNames, mac)} />
      </span>
    </button>
  );
}
