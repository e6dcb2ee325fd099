import { useEffect, useId, useRef, useState } from "react";
import type { KeyboardEvent, ReactNode } from "react";
import { useActions, useLab } from "../../store/lab.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { standingOf } from "./command.ts";
import type { Command, Standing } from "./command.ts";
import { commands } from "./commands/commands.ts";
import { lessonCommands } from "./commands/lessonCommands.ts";
import { filterCommands } from "./filterCommands.ts";
import type { NamedCommand } from "./filterCommands.ts";
import { PaletteOption } from "./PaletteOption.tsx";
import { useRunCommand } from "./useRunCommand.ts";

export interface Offer extends NamedCommand {
  readonly command: Command;
  readonly standing: Standing;
}

/** Every command that this page has now, in its words. */
function useOffers(): readonly Offer[] {
  const texts = useTexts();
  const state = useLab((current) => current);
  return [...commands, ...lessonCommands].flatMap((command): Offer[] => {
    const standing = standingOf(command, state);
    const named = { id: command.id, name: command.name(texts), group: texts.palette.groups[command.group] };
    return standing === "absent" ? [] : [{ ...named, command, standing }];
  });
}

/** Every act of the page by name: type to find it, Enter does it. */
export function Palette(): ReactNode {
  const words = useTexts().palette;
  const { openOverlay } = useActions();
  const runCommand = useRunCommand();
  const offers = useOffers();
  const listId = useId();
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const shown = filterCommands(offers, typed);
  const current = shown[Math.min(at, shown.length - 1)];
  const inputRef = useRef<HTMLInputElement>(null);
  const optionId = (id: string): string => `${listId}-${id}`;
  const currentId = current && optionId(current.id);
  // After the dialog itself, which begins with its button.
  useEffect(() => inputRef.current?.focus(), []);
  useEffect(() => {
    if (currentId !== undefined) document.getElementById(currentId)?.scrollIntoView({ block: "nearest" });
  }, [currentId]);
  const run = ({ command, standing }: Offer): void => {
    if (standing === "now") runCommand(command);
  };
  const onKey = (event: KeyboardEvent): void => {
    const last = shown.length - 1;
    const to = {
      ArrowDown: at >= last ? 0 : at + 1,
      ArrowUp: at <= 0 ? last : at - 1,
      PageDown: Math.min(last, at + 8),
      PageUp: Math.max(0, at - 8),
    }[event.key];
    if (to !== undefined) setAt(to);
    else if (event.key === "Enter" && current) run(current);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog wide title={words.title} closeLabel={words.close} onClose={() => openOverlay("none")}>
      <div className="palette">
        <input
          ref={inputRef}
          role="combobox"
          aria-label={words.search}
          placeholder={words.search}
          aria-expanded={shown.length > 0}
          aria-controls={listId}
          aria-activedescendant={currentId}
          aria-autocomplete="list"
          autoComplete="off"
          spellCheck={false}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            setAt(0);
          }}
          onKeyDown={onKey}
        />
        <div className="palette-list" id={listId} role="listbox" aria-label={words.title}>
          {shown.map((offer, index) => (
            <PaletteOption
              key={offer.id}
              id={optionId(offer.id)}
              offer={offer}
              head={typed === "" && offer.group !== shown[index - 1]?.group}
              current={offer === current}
              onPoint={() => setAt(index)}
              onRun={() => run(offer)}
            />
          ))}
        </div>
        <p className="faint" role="status">
          {words.found(shown.length)} {current?.standing === "not-now" && words.notNowHint}
        </p>
      </div>
    </Dialog>
  );
}
