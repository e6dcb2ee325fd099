import type { ReactNode } from "react";

/** Keys that are pressed together, as they stand on the keyboard. */
export function KeyCaps({ names }: { readonly names: readonly string[] }): ReactNode {
  return (
    <span className="key-caps">
      {names.map((name, at) => (
        <kbd key={at}>{name}</kbd>
      ))}
    </span>
  );
}
