import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";
import { useLabParts } from "./lab.ts";
import type { Lab } from "./lab.ts";
import type { LabState } from "./labStore.ts";
import { createMicroscopeActions } from "./microscopeActions.ts";
import type { MicroscopeActions } from "./microscopeActions.ts";
import { initialMicroscope } from "./microscopeSlice.ts";
import type { MicroscopeState, MicroscopeStore } from "./microscopeSlice.ts";
import { createRoutingFrames } from "./routingFrames.ts";
import type { RoutingFrames } from "./routingFrames.ts";

interface Microscope {
  readonly store: MicroscopeStore;
  /** Of the second prompt. */
  readonly otherFrames: RoutingFrames;
  readonly actions: MicroscopeActions;
}

const known = new WeakMap<Lab, Microscope>();

/** Made when it is first asked for, and kept with its lab: what was chosen in it stays when it is closed. */
export function microscopeOf(lab: Lab): Microscope {
  const made = known.get(lab);
  if (made) return made;
  const store = createStore<MicroscopeState>()(() => initialMicroscope);
  const otherFrames = createRoutingFrames();
  const microscope = { store, otherFrames, actions: createMicroscopeActions(lab, store, otherFrames) };
  known.set(lab, microscope);
  lab.store.subscribe((now, before) => {
    if (mixtureOf(now) !== mixtureOf(before)) microscope.actions.startAnew();
    else if (now.edit.edits !== before.edit.edits) microscope.actions.forgetMeasures();
    const looking = now.overlay === "microscope" && store.getState().view === "map";
    // When a text has been routed the typing rests.
    if (looking && (now.edit.edits !== before.edit.edits || now.routing.text !== before.routing.text)) void microscope.actions.mapQueries();
  });
  return microscope;
}

/** What another model, another method or other settings change; the threshold alone does not. */
function mixtureOf({ model: { facts, loaded } }: LabState): string {
  if (!facts) return "";
  const { layers, experts, topK } = facts.settings;
  return JSON.stringify([facts.name, loaded, facts.method, layers, experts, topK]);
}

export function useMicroscope<T>(selector: (state: MicroscopeState) => T): T {
  return useStore(microscopeOf(useLabParts()).store, selector);
}

export function useMicroscopeParts(): Microscope {
  return microscopeOf(useLabParts());
}
