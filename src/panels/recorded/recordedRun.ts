import { createContext, useContext, useSyncExternalStore } from "react";
import { errorFacts } from "../../lib/errors.ts";
import type { ErrorFacts } from "../../lib/errors.ts";
import type { Lab } from "../../store/lab.ts";
import { createPlayer } from "./player.ts";
import type { Player } from "./player.ts";
import { readRecording } from "./readRecording.ts";
import { createRecordedLab, showMoment, showModel } from "./recordedLab.ts";
import type { Recording } from "./recording.ts";
import { momentAt, scenesOf } from "./story.ts";

export interface PlayedRecording {
  readonly recording: Recording;
  readonly player: Player;
}

export interface RecordedState {
  /** What is played; null until it is read, and where it cannot be. */
  readonly played: PlayedRecording | null;
  /** Why it cannot be played; null while nothing is known of that. */
  readonly problem: ErrorFacts | null;
  /** The live model has taken its place. */
  readonly live: boolean;
}

export interface RecordedRun {
  /** For the panels; empty until the recording is read. */
  readonly lab: Lab;
  read(): RecordedState;
  subscribe(listener: () => void): () => void;
  /** The model is there: it takes over, unless a person has the recording in their hands. */
  offerLive(): void;
  goLive(): void;
}

/**
 * Reads the recording and begins to play it.
 * @param still for those who want no motion: nothing moves by itself
 */
export function createRecordedRun(fetchJson: () => Promise<unknown>, still: boolean): RecordedRun {
  const lab = createRecordedLab();
  const listeners = new Set<() => void>();
  let state: RecordedState = { played: null, problem: null, live: false };
  const change = (fields: Partial<RecordedState>): void => {
    state = { ...state, ...fields };
    for (const listener of listeners) listener();
  };
  void fetchJson()
    .then((json) => change({ played: play(lab, readRecording(json), still) }))
    .catch((thrown: unknown) => change({ problem: errorFacts(thrown) }));
  const goLive = (): void => {
    state.played?.player.close();
    change({ live: true });
  };
  return {
    lab,
    read: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    offerLive: () => (state.played?.player.read().held ? undefined : goLive()),
    goLive,
  };
}

function play(lab: Lab, recording: Recording, still: boolean): PlayedRecording {
  const player = createPlayer(scenesOf(recording), still);
  const show = (): void => {
    const { scene, at } = player.read();
    const shown = player.scenes[scene];
    if (shown) showMoment(lab, momentAt(recording, shown, at));
  };
  showModel(lab, recording);
  show();
  player.subscribe(show);
  if (!still) player.play();
  return { recording, player };
}

const RecordedRunContext = createContext<RecordedRun | null>(null);
export const RecordedRunProvider = RecordedRunContext.Provider;

export function useRecordedRun(): RecordedRun {
  const run = useContext(RecordedRunContext);
  if (run === null) throw new Error("The recorded run was drawn outside <RecordedRunProvider>; wrap it in one.");
  return run;
}

export function useRecorded(): RecordedState {
  const { subscribe, read } = useRecordedRun();
  return useSyncExternalStore(subscribe, read);
}
