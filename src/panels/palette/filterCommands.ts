/** What the palette shows of a command. */
export interface NamedCommand {
  readonly id: string;
  readonly name: string;
  /** Of its group. */
  readonly group: string;
}

/** Without case and accents, so that "andern" finds "Ändern". */
const plain = (text: string): string => text.normalize("NFD").replaceAll(/\p{M}/gu, "").toLowerCase();
const wordsOf = (text: string): string[] =>
  plain(text)
    .split(/[^\p{L}\d]+/u)
    .filter(Boolean);

/** How well one typed word fits: the begin of the name, of one of its words, inside the name, the group. */
function fit(typed: string, { name, group }: NamedCommand): number {
  if (plain(name).startsWith(typed)) return 4;
  if (wordsOf(name).some((word) => word.startsWith(typed))) return 3;
  if (plain(name).includes(typed)) return 2;
  return wordsOf(group).some((word) => word.startsWith(typed)) ? 1 : 0;
}

/** Commands that every typed word fits, best first; all of them in their order where nothing is typed. */
export function filterCommands<C extends NamedCommand>(commands: readonly C[], typed: string): readonly C[] {
  const words = wordsOf(typed);
  const ranked = commands.flatMap((command) => {
    const fits = words.map((word) => fit(word, command));
    return fits.includes(0) ? [] : [{ command, rank: fits.reduce((sum, one) => sum + one, 0) }];
  });
  return ranked.toSorted((a, b) => b.rank - a.rank).map(({ command }) => command);
}
