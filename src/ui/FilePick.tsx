import { useRef } from "react";
import type { ReactNode } from "react";
import { Button } from "./Button.tsx";

export interface FilePickProps {
  readonly label: string;
  readonly hint?: string;
  /** A whole folder in place of files. */
  readonly folder?: boolean;
  readonly disabled?: boolean;
  readonly onPick: (files: readonly File[]) => void;
}

/** A button that opens the system's file picker. */
export function FilePick({ label, hint, folder = false, disabled = false, onPick }: FilePickProps): ReactNode {
  const inputRef = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button title={hint} disabled={disabled} onClick={() => inputRef.current?.click()}>
        {label}
      </Button>
      <input
        ref={inputRef}
        hidden
        type="file"
        multiple
        disabled={disabled}
        aria-label={label}
        {...(folder ? { webkitdirectory: "" } : {})}
        onChange={(event) => {
          const files = [...(event.target.files ?? [])];
          // The same files may be picked again.
          event.target.value = "";
          if (files.length > 0) onPick(files);
        }}
      />
    </>
  );
}
