/** Gives a text, or what a picture is made of, to the person as a file. */
export function downloadText(content: string | Blob, name: string, type = "application/json"): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
