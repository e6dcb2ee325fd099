import { useRef } from "react";
import type { ReactNode } from "react";
import { useWidth } from "./useWidth.ts";
import "./shareBars.css";

export interface ShareBar {
  /** 0 to 1. */
  readonly share: number;
  readonly kind: "usual" | "low" | "high";
  /** Said on hover. */
  readonly label: string;
}

export interface ShareGroup {
  readonly label: string;
  /** Drawn as a line across the bars. */
  readonly expected: number;
  readonly expectedLabel: string;
  readonly bars: readonly ShareBar[];
}

export interface ShareBarsProps {
  readonly groups: readonly ShareGroup[];
  /** Said to screen readers in place of the picture. */
  readonly summary: string;
}

/** Of the bars: many groups share the window, few fill it. */
const HEIGHTS = { many: 56, few: 120 } as const;
const FEW = 8;
const HEAD = 18;
const FOOT = 16;
const GAP = 18;
/** A group is at least this wide, so that its label has room. */
const NARROWEST = 150;

/** Small pictures beside and below each other: the shares of one group in each, as bars. */
export function ShareBars({ groups, summary }: ShareBarsProps): ReactNode {
  const ref = useRef<HTMLDivElement>(null);
  const width = useWidth(ref);
  const bars = groups[0]?.bars.length ?? 0;
  const wanted = Math.max(NARROWEST, bars * 14);
  const across = Math.max(1, Math.min(groups.length, Math.floor((width + GAP) / (wanted + GAP))));
  const groupWidth = (width - GAP * (across - 1)) / across;
  const down = Math.ceil(groups.length / across);
  const height = groups.length > FEW ? HEIGHTS.many : HEIGHTS.few;
  const block = HEAD + height + FOOT;
  return (
    <div ref={ref} className="share-bars">
      {width > 0 && (
        <svg width={width} height={down * block} role="img" aria-label={summary}>
          {groups.map((group, index) => (
            <g key={group.label} transform={`translate(${(index % across) * (groupWidth + GAP)} ${Math.floor(index / across) * block})`}>
              <Group group={group} width={Math.min(groupWidth, Math.max(wanted, bars * 56))} height={height} />
            </g>
          ))}
        </svg>
      )}
    </div>
  );
}

interface GroupProps {
  readonly group: ShareGroup;
  readonly width: number;
  readonly height: number;
}

function Group({ group, width, height }: GroupProps): ReactNode {
  const step = width / Math.max(1, group.bars.length);
  const bar = Math.max(1, step - Math.min(4, step / 4));
  const base = HEAD + height;
  const level = base - group.expected * height;
  const numbered = Math.max(1, Math.ceil(16 / step));
  return (
    <>
      <text className="share-bars-label" x="0" y="11">
        {group.label}
      </text>
      <line className="share-bars-base" x1="0" x2={width} y1={base} y2={base} />
      {group.bars.map(({ share, kind, label }, index) => (
        <g key={index} className="share-bar" data-kind={kind}>
          <title>{label}</title>
          {/* Also what is next to nothing can be pointed at. */}
          <rect className="share-bar-reach" x={index * step} y={HEAD} width={step} height={height} />
          <rect className="share-bar-fill" x={index * step} y={base - share * height} width={bar} height={share * height} />
          {kind === "high" && <path d={`M ${index * step + bar / 2 - 4} ${base - share * height - 2} h 8 l -4 -5 z`} />}
          {kind === "low" && <circle cx={index * step + bar / 2} cy={base - 5} r="3" />}
          {index % numbered === 0 && (
            <text x={index * step + bar / 2} y={base + 11}>
              {index}
            </text>
          )}
        </g>
      ))}
      <line className="share-bars-expected" x1="0" x2={width} y1={level} y2={level}>
        <title>{group.expectedLabel}</title>
      </line>
    </>
  );
}
