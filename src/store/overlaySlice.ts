/** What a person called over the page: every command by name, the keys, the guide. One at a time. */
export type Overlay = "none" | "palette" | "keyboard" | "guide";
