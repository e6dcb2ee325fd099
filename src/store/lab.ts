import { createContext, useContext, useSyncExternalStore } from "react";
import { useStore } from "zustand";
import type { EngineClient } from "../engine/protocol.ts";
import { createActions } from "./actions.ts";
import type { Actions } from "./actions.ts";
import { bindEngine } from "./bindEngine.ts";
import { fetchText } from "./evaluationActions.ts";
import { createLabStore } from "./labStore.ts";
import type { LabState, LabStore } from "./labStore.ts";
import { createRoutingFrames } from "./routingFrames.ts";
import type { RoutingFrame, RoutingFrames } from "./routingFrames.ts";
import { persistStorage } from "./storageActions.ts";

/** One page's worth of state with what can be done to it. */
export interface Lab {
  readonly store: LabStore;
  readonly frames: RoutingFrames;
  readonly actions: Actions;
  /** For parts that are loaded late and keep a state of their own. */
  readonly client: EngineClient;
}

/**
 * @param persist asks the browser to keep the page's storage
 * @param readText reads a text that is served beside the page
 */
export function createLab(client: EngineClient, addressOf: (path: string) => string, persist = persistStorage, readText = fetchText): Lab {
  const store = createLabStore();
  const frames = createRoutingFrames();
  const engine = bindEngine(client, store, frames);
  return { store, frames, client, actions: createActions({ store, engine, frames, addressOf, persist, readText }) };
}

const LabContext = createContext<Lab | null>(null);

export const LabProvider = LabContext.Provider;

export function useLabParts(): Lab {
  const lab = useContext(LabContext);
  if (lab === null) throw new Error("A panel was drawn outside <LabProvider>; wrap it in one.");
  return lab;
}

/** Reads one value of the state; the selector must return the same reference while nothing changed. */
export function useLab<T>(selector: (state: LabState) => T): T {
  return useStore(useLabParts().store, selector);
}

export function useActions(): Actions {
  return useLabParts().actions;
}

/** The routing on show, for text beside the canvas; the canvas itself reads the frames when it draws. */
export function useRoutingFrame(): RoutingFrame | null {
  const { frames } = useLabParts();
  return useSyncExternalStore(frames.subscribe, frames.read);
}
