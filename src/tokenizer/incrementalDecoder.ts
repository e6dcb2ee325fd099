import type { Tokenizer } from "./tokenizer.ts";

export interface DecoderOptions {
  /** The tokens begin a text, so the blank that some tokenizers put before it is dropped. False: they go on from a prompt. */
  readonly startsText?: boolean;
}

/** Text from tokens as they come: a character is given out once all its bytes are there. Special tokens give no text. */
export class IncrementalDecoder {
  readonly #tokenizer: Pick<Tokenizer, "piece" | "isSpecial">;
  // BOM kept: it is text like any other here.
  readonly #utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
  #spacesToDrop: number;

  constructor(tokenizer: Pick<Tokenizer, "piece" | "isSpecial" | "leadingSpaces">, { startsText = false }: DecoderOptions = {}) {
    this.#tokenizer = tokenizer;
    this.#spacesToDrop = startsText ? tokenizer.leadingSpaces : 0;
  }

  /** The text that became certain with this token; may be empty. Bytes that cannot be UTF-8 become U+FFFD. */
  push(id: number): string {
    if (this.#tokenizer.isSpecial(id)) return "";
    return this.#utf8.decode(this.#withoutLeadingSpaces(this.#tokenizer.piece(id).bytes), { stream: true });
  }

  /** What is left: U+FFFD for an unfinished character, else nothing. The decoder may then be used for another text's continuation. */
  flush(): string {
    return this.#utf8.decode();
  }

  #withoutLeadingSpaces(bytes: Uint8Array): Uint8Array {
    let start = 0;
    while (this.#spacesToDrop > 0 && start < bytes.length) {
      if (bytes[start] === 0x20) {
        start++;
        this.#spacesToDrop--;
      } else this.#spacesToDrop = 0;
    }
    return bytes.subarray(start);
  }
}
