/** What a person called over the page: every command by name, the keys, the guide, files of edits, the routing from near, methods side by side. One at a time. */
export type Overlay = "none" | "palette" | "keyboard" | "guide" | "import" | "microscope" | "compare";
