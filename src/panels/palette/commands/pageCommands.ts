import { en } from "../../../texts/en/index.ts";
import { chooseLanguage, currentLanguage, languages } from "../../../texts/language.ts";
import type { Language } from "../../../texts/language.ts";
import { chooseTheme, themeChoice } from "../../../ui/theme.ts";
import type { ThemeChoice } from "../../../ui/theme.ts";
import type { Command } from "../command.ts";
import { goTo, placeOf } from "../goTo.ts";
import type { PlaceId } from "../goTo.ts";

const places = Object.keys(en.regions) as PlaceId[];
/** To every panel that is on the page. */
const goCommands = places.map((id): Command => ({
  id: `go-${id}`,
  group: "go",
  name: ({ palette, regions }) => palette.goTo(regions[id]),
  there: () => placeOf(id) !== null,
  run: () => goTo(id),
}));

const themes = Object.keys(en.app.themes) as ThemeChoice[];
const themeCommands = themes.map((choice): Command => ({
  id: `theme-${choice}`,
  group: "page",
  name: ({ palette, app }) => palette.theme(app.themes[choice]),
  when: () => themeChoice() !== choice,
  run: () => chooseTheme(choice),
}));

const languageCommands = (Object.entries(languages) as [Language, string][]).map(([language, name]): Command => ({
  id: `language-${language}`,
  group: "page",
  name: ({ palette }) => palette.language(name),
  when: () => currentLanguage() !== language,
  // One that cannot be read leaves the page as it is.
  run: () => void chooseLanguage(language).catch(() => undefined),
}));

export const pageCommands: readonly Command[] = [
  {
    id: "palette",
    group: "page",
    name: ({ palette }) => palette.title,
    // It is what shows the others.
    there: ({ overlay }) => overlay !== "palette",
    run: ({ actions }) => actions.openOverlay("palette"),
    keys: ["Mod+K"],
  },
  {
    id: "guide",
    group: "page",
    name: ({ guide }) => guide.title,
    run: ({ actions }) => actions.openOverlay("guide"),
  },
  {
    id: "keyboard",
    group: "page",
    name: ({ palette }) => palette.keyboard,
    run: ({ actions }) => actions.openOverlay("keyboard"),
    keys: ["Mod+/"],
  },
  ...themeCommands,
  ...languageCommands,
  {
    id: "bench",
    group: "page",
    name: ({ palette }) => palette.bench,
    // In a tab of its own: this one has edits.
    run: () => void window.open("?bench", "_blank", "noopener"),
  },
  ...goCommands,
];
