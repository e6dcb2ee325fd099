/** A token as it is drawn: leading spaces as a faint dot's worth of ink, line ends as arrows. */
export function visibleToken(text: string): string {
  return text.replaceAll(" ", "·").replaceAll("\n", "↵").replaceAll("\t", "⇥");
}

/** A token as it is labelled under a column: without the space in front, which costs room and tells little there. */
export function tokenLabel(text: string): string {
  const trimmed = text.replace(/^ /u, "");
  return trimmed === "" ? visibleToken(text) : visibleToken(trimmed);
}
