import { useId, useState } from "react";
import type { ReactNode } from "react";
import { Floating } from "./Floating.tsx";

export interface TermProps {
  readonly hint: string;
  readonly children: ReactNode;
}

/** A word with an explanation, on hover and for the keyboard; Escape closes it. */
export function Term({ hint, children }: TermProps): ReactNode {
  const id = useId();
  const [anchor, setAnchor] = useState<Element | null>(null);
  return (
    <span
      className="term"
      tabIndex={0}
      aria-describedby={anchor ? id : undefined}
      onPointerEnter={(event) => setAnchor(event.currentTarget)}
      onPointerLeave={() => setAnchor(null)}
      onFocus={(event) => setAnchor(event.currentTarget)}
      onBlur={() => setAnchor(null)}
      onKeyDown={(event) => event.key === "Escape" && setAnchor(null)}
    >
      {children}
      {anchor && (
        <Floating anchor={anchor} id={id}>
          {hint}
        </Floating>
      )}
    </span>
  );
}
