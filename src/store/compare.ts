import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";
import { createCompareActions } from "./compareActions.ts";
import type { CompareActions } from "./compareActions.ts";
import type { CompareState, CompareStore } from "./compareSlice.ts";
import { useLabParts } from "./lab.ts";
import type { Lab } from "./lab.ts";

interface Compare {
  readonly store: CompareStore;
  readonly actions: CompareActions;
}

const known = new WeakMap<Lab, Compare>();

/** Made when it is first asked for, and kept with its lab. */
export function compareOf(lab: Lab): Compare {
  const made = known.get(lab);
  if (made) return made;
  const store = createStore<CompareState>()(() => ({
    prompt: "",
    old: "",
    next: "",
    chosen: ["base", lab.store.getState().model.facts?.method ?? "paper"],
    running: false,
    asked: null,
    columns: [],
  }));
  const compare = { store, actions: createCompareActions(lab, store) };
  known.set(lab, compare);
  return compare;
}

export function useCompare<T>(selector: (state: CompareState) => T): T {
  return useStore(compareOf(useLabParts()).store, selector);
}

export function useCompareActions(): CompareActions {
  return compareOf(useLabParts()).actions;
}
