import type { en } from "./en/index.ts";

/** The same shape with any words in place of the English ones; functions keep their parameters. */
type Widened<T> = T extends string
  ? string
  : T extends (...args: infer Args) => infer Result
    ? (...args: Args) => Widened<Result>
    : { readonly [Key in keyof T]: Widened<T[Key]> };

/** Every word of the page in one language. */
export type Texts = Widened<typeof en>;
