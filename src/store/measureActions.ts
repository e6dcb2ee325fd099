import type { EngineBinding } from "./bindEngine.ts";
import { draftOf } from "./editSlice.ts";
import { patch } from "./labStore.ts";
import type { LabStore } from "./labStore.ts";
import { probesFor } from "./ledgerSlice.ts";

/** What is asked about edits and changes none of them. */
export interface MeasureActions {
  /** Asks every edit that is on whether it still holds. */
  audit(): Promise<void>;
  /** Measures what an edit reaches and what it leaves alone. */
  askScorecard(id: number): Promise<void>;
  /** Measures the probability of an edit's answer at `curveStrengths`. */
  askCurve(id: number): Promise<void>;
}

export interface Measuring extends MeasureActions {
  /** Looks what the form's draft would meet among the edits, once the typing rests. */
  foreseeSoon(): void;
  /** Gives up what is being measured: the edits are about to change. */
  stop(): void;
}

/** @param delay wait after the last key before a draft is looked at, in milliseconds */
export function createMeasuring(store: LabStore, engine: EngineBinding, delay: number): Measuring {
  let measuring = new AbortController();
  let curving = new AbortController();
  let foreseeing = new AbortController();
  let typing: ReturnType<typeof setTimeout> | undefined;
  const isReady = (): boolean => store.getState().model.status === "ready" && store.getState().device.status === "ready";

  return {
    async audit() {
      if (!isReady()) return;
      measuring.abort();
      measuring = new AbortController();
      await engine.audit(measuring.signal);
    },

    async askScorecard(id) {
      const { edit, examples, ledger } = store.getState();
      const own = edit.edits.find((other) => other.id === id);
      if (!own || !isReady()) return;
      measuring.abort();
      measuring = new AbortController();
      const { signal } = measuring;
      const probes = probesFor(examples, ledger.asked, edit.edits, own);
      // The scorecard asks all edits anew: the list has their standings after it.
      if ((await engine.scorecard(id, probes, signal)) && !signal.aborted) await engine.listEdits();
    },

    async askCurve(id) {
      if (!isReady() || !store.getState().edit.edits.some((edit) => edit.id === id)) return;
      curving.abort();
      curving = new AbortController();
      await engine.strengthCurve(id, curving.signal);
    },

    foreseeSoon() {
      clearTimeout(typing);
      foreseeing.abort();
      foreseeing = new AbortController();
      const { signal } = foreseeing;
      if (store.getState().ledger.foresight) patch(store, "ledger", { foresight: null });
      const { edits, form } = store.getState().edit;
      const draft = draftOf(form);
      if (edits.length === 0 || draft.prompt === "" || draft.answer === "") return;
      typing = setTimeout(() => void (isReady() && engine.foresee(draft, signal)), delay);
    },

    stop() {
      for (const under of [measuring, curving, foreseeing]) under.abort();
      clearTimeout(typing);
    },
  };
}
