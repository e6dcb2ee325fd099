import type { ReactNode } from "react";
import "./thresholdGauge.css";

export interface BarcodeProps {
  readonly bits: readonly number[];
  /** Bits a group; groups are set apart. */
  readonly groupSize: number;
  /** Where the bits differ from these, the cell is outlined. */
  readonly against?: readonly number[] | undefined;
  readonly summary: string;
}

const BIT = 15;
const HEIGHT = 13;

/** A row of bits as filled and empty cells. */
export function Barcode({ bits, groupSize, against, summary }: BarcodeProps): ReactNode {
  const groups = Math.ceil(bits.length / Math.max(1, groupSize));
  const gap = 7;
  const x = (index: number): number => index * BIT + Math.floor(index / Math.max(1, groupSize)) * gap;
  const width = bits.length * BIT + (groups - 1) * gap + 2;
  // Long codes are squeezed to the room there is; their height stays.
  return (
    <svg
      className="barcode"
      width={width}
      viewBox={`-1 -1 ${width} ${HEIGHT + 2}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={summary}
    >
      <title>{summary}</title>
      {bits.map((bit, index) => (
        <rect
          key={index}
          className={bit === 1 ? "barcode-set" : "barcode-clear"}
          x={x(index)}
          y="0"
          width={BIT - 2}
          height={HEIGHT}
          rx="1"
        />
      ))}
      {against?.map((bit, index) =>
        bit === bits[index] ? null : (
          <rect
            key={`differs-${index}`}
            className="barcode-differs"
            x={x(index) - 0.5}
            y="-0.5"
            width={BIT - 0.5}
            height={HEIGHT + 1}
            rx="1.5"
          />
        ),
      )}
    </svg>
  );
}
