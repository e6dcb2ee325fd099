import { useId, useMemo } from "react";
import type { ReactNode } from "react";
import { qrPath } from "./qrPath.ts";
import "./qrCode.css";

export interface QrCodeProps {
  readonly text: string;
  /** What a reader gets from it; also its name for screen readers. */
  readonly title: string;
  /** Said in place of a code that no phone would read. */
  readonly tooLong: string;
}

/** A text as a QR code: black on white in every theme, as scanners want it. */
export function QrCode({ text, title, tooLong }: QrCodeProps): ReactNode {
  const id = useId();
  const code = useMemo(() => qrPath(text), [text]);
  if (!code) return <p className="qr-too-long">{tooLong}</p>;
  return (
    <svg className="qr-code" viewBox={`0 0 ${code.size} ${code.size}`} role="img" aria-labelledby={id} shapeRendering="crispEdges">
      <title id={id}>{title}</title>
      <rect className="qr-light" width={code.size} height={code.size} />
      <path className="qr-dark" d={code.path} />
    </svg>
  );
}
