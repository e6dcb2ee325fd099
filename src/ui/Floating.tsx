import { useLayoutEffect, useRef } from "react";
import type { ReactNode } from "react";
import { createPortal } from "react-dom";

export interface FloatingProps {
  readonly anchor: Element;
  readonly id: string;
  readonly role?: string;
  readonly children: ReactNode;
}

const MARGIN = 8;

/** A box beside its anchor, kept inside the window. It takes no pointer events, so nothing under it becomes unreachable. */
export function Floating({ anchor, id, role = "tooltip", children }: FloatingProps): ReactNode {
  const boxRef = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const box = boxRef.current;
    if (!box) return;
    const place = (): void => {
      const target = anchor.getBoundingClientRect();
      const { offsetWidth: width, offsetHeight: height } = box;
      const left = Math.min(Math.max(MARGIN, target.left), Math.max(MARGIN, document.documentElement.clientWidth - width - MARGIN));
      const below = target.bottom + 6;
      const fitsBelow = below + height <= window.innerHeight - MARGIN;
      box.style.left = `${left}px`;
      box.style.top = `${fitsBelow ? below : Math.max(MARGIN, target.top - height - 6)}px`;
    };
    place();
    window.addEventListener("scroll", place, { capture: true, passive: true });
    return () => window.removeEventListener("scroll", place, { capture: true });
  });
  return createPortal(
    <div ref={boxRef} className="floating" id={id} role={role}>
      {children}
    </div>,
    // What is outside of an open dialog lies under it.
    anchor.closest("dialog") ?? document.body,
  );
}
