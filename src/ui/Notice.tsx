import type { ReactNode } from "react";

export interface NoticeProps {
  readonly tone: "info" | "good" | "warning" | "danger";
  readonly title?: string | undefined;
  readonly children?: ReactNode;
}

/** A message where it belongs; warnings and errors are announced at once. */
export function Notice({ tone, title, children }: NoticeProps): ReactNode {
  const urgent = tone === "danger" || tone === "warning";
  return (
    <div className="notice" data-tone={tone} role={urgent ? "alert" : "status"}>
      {title !== undefined && <strong>{title}</strong>}
      {children}
    </div>
  );
}
