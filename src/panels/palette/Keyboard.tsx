import type { ReactNode } from "react";
import { useActions } from "../../store/lab.ts";
import type { Texts } from "../../texts/texts.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { KeyCaps } from "../../ui/KeyCaps.tsx";
import { commands } from "./commands/commands.ts";
import { isMac, keyNames } from "./keys.ts";
import type { Keys } from "./keys.ts";

type PlaceId = keyof Texts["palette"]["places"];

/** Keys of parts that have some of their own; their texts say in the same order what each does. */
const placeKeys: Readonly<Record<PlaceId, readonly (readonly Keys[])[]>> = {
  over: [["↑", "↓"], ["Esc"]],
  fields: [["Mod+Enter"]],
  tokens: [["←", "→"], ["Home", "End"], ["Esc"]],
  heatmap: [
    ["←", "→", "↑", "↓"],
    ["Home", "End"],
  ],
  presenting: [["←", "→"], ["↑", "↓"], ["Esc"]],
};
const placeIds = Object.keys(placeKeys) as PlaceId[];

/** All keys: of commands, and of those parts that have keys of their own. */
export function Keyboard(): ReactNode {
  const texts = useTexts();
  const words = texts.palette;
  const { openOverlay } = useActions();
  const mac = isMac();
  return (
    <Dialog title={words.keyboard} closeLabel={words.close} onClose={() => openOverlay("none")}>
      <div className="keyboard">
        <h3>{words.everywhere}</h3>
        <dl>
          {commands.map(
            ({ id, keys: [key] = [], name }) =>
              key !== undefined && (
                <div key={id}>
                  <dt>
                    <KeyCaps names={keyNames(key, words.keyNames, mac)} />
                  </dt>
                  <dd>{name(texts)}</dd>
                </div>
              ),
          )}
        </dl>
        {placeIds.map((id) => (
          <section key={id} aria-label={words.places[id].title}>
            <h3>{words.places[id].title}</h3>
            <dl>
              {placeKeys[id].map((keys, at) => (
                <div key={at}>
                  <dt>
                    <KeyCaps names={keys.flatMap((key) => keyNames(key, words.keyNames, mac))} />
                  </dt>
                  <dd>{words.places[id].does[at]}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
