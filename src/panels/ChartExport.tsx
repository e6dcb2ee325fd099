import { useState } from "react";
import type { ReactNode } from "react";
import { fileName, pngOf } from "../charts/exportChart.ts";
import { csvText } from "../lib/csvText.ts";
import { useTexts } from "../texts/useTexts.ts";
import { downloadText } from "../ui/downloadText.ts";
import { PickMenu } from "../ui/PickMenu.tsx";

export interface ChartExportProps {
  /** What the file is called, and the picture in it. */
  readonly name: string;
  /** The picture as SVG; null while there is none. Absent for what is a table alone. */
  readonly svg?: (() => string | null) | undefined;
  /** Rows with their heads. */
  readonly rows: () => readonly (readonly (string | number)[])[];
}

const PICTURES = ["png", "svg", "csv"] as const;
const TABLE = ["csv"] as const;

/** A chart as a file: what is drawn, or the numbers behind it. */
export function ChartExport({ name, svg, rows }: ChartExportProps): ReactNode {
  const words = useTexts().microscope.export;
  const [failed, setFailed] = useState(false);
  const kinds = svg ? PICTURES : TABLE;
  const save = async (kind: "png" | "svg" | "csv"): Promise<void> => {
    setFailed(false);
    if (kind === "csv") return downloadText(csvText(rows()), fileName(name, "csv"), "text/csv");
    const drawn = svg?.() ?? null;
    if (drawn === null) return;
    if (kind === "svg") return downloadText(drawn, fileName(name, "svg"), "image/svg+xml");
    try {
      downloadText(await pngOf(drawn), fileName(name, "png"));
    } catch {
      setFailed(true);
    }
  };
  return (
    <>
      <PickMenu label={words.label} items={kinds.map((kind) => words.kinds[kind])} onPick={(index) => void save(kinds[index] ?? "csv")} />
      {failed && (
        <span role="alert" className="field-error">
          {words.failed}
        </span>
      )}
    </>
  );
}
