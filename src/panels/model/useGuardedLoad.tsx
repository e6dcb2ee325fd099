import { useState } from "react";
import type { ReactNode } from "react";
import { useLab } from "../../store/lab.ts";
import { ConfirmReplace } from "./ConfirmReplace.tsx";

export interface GuardedLoad {
  /** Runs it at once where there are no edits to lose, else after a yes. */
  readonly guard: (load: () => void) => void;
  /** The question, while it is open. */
  readonly question: ReactNode;
}

/** Asks before a load drops the edits. */
export function useGuardedLoad(): GuardedLoad {
  const edits = useLab((state) => state.edit.edits.length);
  const [wanted, setWanted] = useState<{ readonly load: () => void } | null>(null);
  const question = wanted && (
    <ConfirmReplace
      edits={edits}
      onCancel={() => setWanted(null)}
      onConfirm={() => {
        setWanted(null);
        wanted.load();
      }}
    />
  );
  return { guard: (load) => (edits > 0 ? setWanted({ load }) : load()), question };
}
