import type { ReactNode } from "react";

export interface ProgressBarProps {
  readonly label: string;
  /** 0 to 1; null while unknown. */
  readonly share: number | null;
  readonly valueText?: string;
  /** A state in place of a way to go. */
  readonly meter?: boolean;
}

export function ProgressBar({ label, share, valueText, meter = false }: ProgressBarProps): ReactNode {
  const percent = share === null ? undefined : Math.round(share * 100);
  return (
    <div
      className="progress"
      role={meter ? "meter" : "progressbar"}
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      aria-valuetext={valueText}
    >
      <div className="progress-done" data-unknown={share === null || undefined} style={{ width: `${percent ?? 0}%` }} />
    </div>
  );
}
