import { useId, useRef, useState } from "react";
import type { ReactNode } from "react";
import { useActions } from "../../store/lab.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { Button } from "../../ui/Button.tsx";

/** The link as text, with a button that copies it. */
export function LinkField({ address }: { readonly address: string }): ReactNode {
  const words = useTexts().share;
  const id = useId();
  const fieldRef = useRef<HTMLInputElement>(null);
  const [copied, setCopied] = useState<"no" | "yes" | "failed">("no");
  const { linkCopied } = useActions();
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(address);
      setCopied("yes");
    } catch {
      // Without the permission the person copies what is selected.
      fieldRef.current?.select();
      setCopied("failed");
    }
    linkCopied();
  };
  return (
    <div className="field link-field">
      <label htmlFor={id}>{words.link}</label>
      <div className="link-copy">
        <input id={id} ref={fieldRef} type="text" readOnly value={address} onFocus={(event) => event.currentTarget.select()} />
        <Button tone="primary" onClick={() => void copy()}>
          {words.copy}
        </Button>
      </div>
      <p className="field-note" role="status">
        {copied === "yes" ? words.copied : copied === "failed" ? words.copyFailed : ""}
      </p>
    </div>
  );
}
