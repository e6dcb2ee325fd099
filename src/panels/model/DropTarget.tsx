import { useEffect, useRef, useState } from "react";
import type { ReactNode } from "react";
import { useActions, useLab } from "../../store/lab.ts";
import { canChangeModel } from "../../store/selectors.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { readDropped } from "./pickedFiles.ts";

/** Takes files and folders that are dropped anywhere on the page, and says so while they hover. */
export function DropTarget(): ReactNode {
  const words = useTexts().choice;
  const [hovering, setHovering] = useState(false);
  const free = useLab(canChangeModel);
  const { checkFiles } = useActions();
  useEffect(() => {
    const over = (event: DragEvent): void => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      if (hasOwnDrop(event)) return setHovering(false);
      // Else the browser leaves the page to show the file.
      event.preventDefault();
      event.dataTransfer.dropEffect = free ? "copy" : "none";
      setHovering(true);
    };
    const leave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setHovering(false);
    };
    const drop = (event: DragEvent): void => {
      setHovering(false);
      if (!event.dataTransfer?.types.includes("Files") || hasOwnDrop(event)) return;
      event.preventDefault();
      if (!free) return;
      const files = readDropped(event.dataTransfer.items);
      void checkFiles(() => files);
    };
    const listeners = { dragenter: over, dragover: over, dragleave: leave, drop } as const;
    for (const [name, listener] of Object.entries(listeners)) window.addEventListener(name as "drop", listener);
    return () => {
      for (const [name, listener] of Object.entries(listeners)) window.removeEventListener(name as "drop", listener);
    };
  }, [free, checkFiles]);
  return hovering && <DropCurtain text={free ? words.drop : words.dropBusy} />;
}

/** Parts of the page with `data-drop` take other files, and take them themselves. */
const hasOwnDrop = ({ target }: DragEvent): boolean => target instanceof Element && target.closest("[data-drop]") !== null;

/** Above everything, an open dialog too, and transparent to the pointer. */
function DropCurtain({ text }: { readonly text: string }): ReactNode {
  const curtainRef = useRef<HTMLDivElement>(null);
  useEffect(() => curtainRef.current?.showPopover(), []);
  return (
    <div ref={curtainRef} className="drop-curtain" popover="manual" role="status">
      <p>{text}</p>
    </div>
  );
}
