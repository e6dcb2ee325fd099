import type { ReactNode } from "react";
import { useTexts } from "../texts/useTexts.ts";
import { Notice } from "../ui/Notice.tsx";

/** Stands in for the page inside another page's frame. */
export function Framed(): ReactNode {
  const words = useTexts().app;
  return (
    <main className="page">
      <Notice tone="danger" title={words.framed}>
        <p>{words.framedHint}</p>
        <a href={location.href} target="_blank" rel="noreferrer">
          {words.openAlone}
        </a>
      </Notice>
    </main>
  );
}
