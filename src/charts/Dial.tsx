import { useRef, useState } from "react";
import type { KeyboardEvent, PointerEvent, ReactNode } from "react";
import { arcPath, dialAngle, keyedValue, onArc, valueUnder } from "./dialGeometry.ts";
import type { DialScale } from "./dialGeometry.ts";
import "./dial.css";

export interface DialMark {
  readonly key: string;
  readonly value: number;
  readonly ring: "inner" | "outer";
  /** Said on hover. */
  readonly label: string;
}

export interface DialProps {
  readonly scale: DialScale;
  readonly value: number;
  /** What is in force while another value is tried. */
  readonly inForce: number;
  readonly marks: readonly DialMark[];
  /** Whether a mark is reached at the value on show. */
  readonly reached: (mark: DialMark) => boolean;
  readonly label: string;
  readonly valueText: string;
  readonly format: (value: number) => string;
  /** While it is being moved. */
  readonly onTry: (value: number) => void;
  /** Once it is let go. */
  readonly onSet: (value: number) => void;
  readonly disabled: boolean;
}

const RADIUS = 92;
const MIDDLE = 148;
/** Where the first mark of a ring lies, and each further one with the same value. */
const RINGS = { inner: { radius: 75, step: -8, most: 4 }, outer: { radius: 109, step: 8, most: 4 } } as const;
/** Keys that move it repeat: it is set when the last is let go, or after this rest, in milliseconds. */
const REST_MS = 500;

/** A threshold on an arc: dragged, or moved by arrow keys, with a mark where each thing turns. */
export function Dial({ scale, value, inForce, marks, reached, label, valueText, format, onTry, onSet, disabled }: DialProps): ReactNode {
  const [dragging, setDragging] = useState(false);
  const rest = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);

  const under = (event: PointerEvent<SVGSVGElement>): number => {
    const { left, top, width, height } = event.currentTarget.getBoundingClientRect();
    const unit = (2 * MIDDLE) / Math.min(width, height);
    return valueUnder(scale, (event.clientX - left - width / 2) * unit, (event.clientY - top - height / 2) * unit);
  };
  const press = (event: KeyboardEvent): void => {
    const next = keyedValue(scale, value, event.key);
    if (next === null || disabled || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    onTry(next);
    clearTimeout(rest.current);
    rest.current = setTimeout(() => onSet(next), REST_MS);
  };
  const hand = onArc(dialAngle(scale, value), RADIUS);
  const before = onArc(dialAngle(scale, inForce), RADIUS);
  return (
    <svg
      className="dial"
      viewBox={`${-MIDDLE} ${-MIDDLE} ${2 * MIDDLE} ${2 * MIDDLE}`}
      role="slider"
      tabIndex={disabled ? -1 : 0}
      aria-label={label}
      aria-valuemin={scale.min}
      aria-valuemax={scale.max}
      aria-valuenow={value}
      aria-valuetext={valueText}
      aria-disabled={disabled}
      data-dragging={dragging || undefined}
      onKeyDown={press}
      onPointerDown={(event) => {
        if (disabled) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        setDragging(true);
        onTry(under(event));
      }}
      onPointerMove={(event) => dragging && onTry(under(event))}
      onPointerUp={(event) => {
        if (!dragging) return;
        setDragging(false);
        onSet(under(event));
      }}
      onPointerCancel={() => {
        setDragging(false);
        onTry(inForce);
      }}
    >
      <path className="dial-track" d={arcPath(-135, 135, RADIUS)} />
      <path className="dial-inside" d={arcPath(-135, dialAngle(scale, value), RADIUS)} />
      {stacked(marks).map(({ mark, level }) => {
        const { radius, step, most } = RINGS[mark.ring];
        const at = onArc(dialAngle(scale, mark.value), radius + step * Math.min(level, most));
        return (
          <circle
            key={mark.key}
            className="dial-mark"
            data-reached={reached(mark) || undefined}
            data-ring={mark.ring}
            cx={at.x}
            cy={at.y}
            r="4"
          >
            <title>{mark.label}</title>
          </circle>
        );
      })}
      {inForce !== value && <circle className="dial-before" cx={before.x} cy={before.y} r="7" />}
      <circle className="dial-knob" cx={hand.x} cy={hand.y} r="10" />
      <text className="dial-value" y="6">
        {format(value)}
      </text>
      <text className="dial-end" x="-74" y="98">
        {format(scale.min)}
      </text>
      <text className="dial-end" x="74" y="98">
        {format(scale.max)}
      </text>
    </svg>
  );
}

/** Marks with as many of the same ring and value before each. */
function stacked(marks: readonly DialMark[]): { readonly mark: DialMark; readonly level: number }[] {
  const seen = new Map<string, number>();
  return marks.map((mark) => {
    const place = `${mark.ring} ${mark.value}`;
    const level = seen.get(place) ?? 0;
    seen.set(place, level + 1);
    return { mark, level };
  });
}
