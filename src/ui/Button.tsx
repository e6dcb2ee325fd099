import type { ButtonHTMLAttributes, ReactNode } from "react";

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly tone?: "plain" | "primary" | "danger" | "quiet";
}

export function Button({ tone = "plain", type = "button", ...rest }: ButtonProps): ReactNode {
  return <button {...rest} type={type} className="button" data-tone={tone} />;
}
