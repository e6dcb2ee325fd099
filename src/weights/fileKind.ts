/** Recognises what often arrives in place of a weights or JSON file, so that an error can say what to do. */
export interface Impostor {
  /** What the file is, for "got …". */
  readonly what: string;
  readonly hint: string;
}

function startsWith(bytes: Uint8Array, ...start: number[]): boolean {
  return bytes.length >= start.length && start.every((byte, index) => bytes[index] === byte);
}

/** What `bytes`, the beginning of a file, look like; undefined when nothing known. */
export function recogniseImpostor(bytes: Uint8Array): Impostor | undefined {
  // Latin-1: a broken download need not be UTF-8.
  const text = new TextDecoder("latin1")
    .decode(bytes.subarray(0, 256))
    .replace(/^(?:\xef\xbb\xbf)?\s*/, "")
    .toLowerCase();
  if (text.startsWith("version https://git-lfs")) {
    return {
      what: "a Git LFS pointer",
      hint: "The file was cloned without its contents: run `git lfs pull` in that folder, or download the file itself.",
    };
  }
  if (/^(?:<!doctype|<html|<head|<body|<\?xml)/.test(text)) {
    return {
      what: "an HTML page",
      hint: 'The server sent a web page, often its "not found" or login page: check the address, and that the file is there.',
    };
  }
  const zip = startsWith(bytes, 0x50, 0x4b, 3, 4);
  if (zip || (bytes[0] === 0x80 && (bytes[1] ?? 0) >= 2 && (bytes[1] ?? 0) <= 5)) {
    return {
      what: zip ? "a zip archive, as PyTorch's pickles are" : "a PyTorch pickle",
      hint: "Pickles can run code and are never read: save the model with `save_pretrained(..., safe_serialization=True)`.",
    };
  }
  if (startsWith(bytes, 0x47, 0x47, 0x55, 0x46)) return { what: "a GGUF file", hint: "Use the model's safetensors files instead." };
  if (startsWith(bytes, 0x1f, 0x8b)) return { what: "a gzip archive", hint: "Unpack the file first." };
  return undefined;
}
