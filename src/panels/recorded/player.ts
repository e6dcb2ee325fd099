import type { Scene } from "./story.ts";

export interface PlayerState {
  readonly scene: number;
  /** Moments of the scene that are over. */
  readonly at: number;
  readonly playing: boolean;
  /** The person took it into their own hands: it does not go away by itself then. */
  readonly held: boolean;
}

export interface Player {
  readonly scenes: readonly Scene[];
  read(): PlayerState;
  subscribe(listener: () => void): () => void;
  /** Goes on, or begins again after the end. */
  play(): void;
  pause(): void;
  /** It does not go away by itself from now on. */
  hold(): void;
  /** A whole scene at once, and rests there. */
  show(scene: number): void;
  /** To the end of this scene, or of the next or last one. */
  step(by: 1 | -1): void;
  /** Where nobody sees it nothing moves, and takes no time. */
  sleep(asleep: boolean): void;
  /** Takes no more time. */
  close(): void;
}

/** Plays scenes one after the other, once. It begins at rest. @param whole begins with the first scene at its end, for those who step */
export function createPlayer(scenes: readonly Scene[], whole = false): Player {
  let state: PlayerState = { scene: 0, at: whole ? (scenes[0]?.length ?? 0) : 0, playing: false, held: false };
  let timer: ReturnType<typeof setTimeout> | undefined;
  let sleeping = false;
  const listeners = new Set<() => void>();
  const change = (fields: Partial<PlayerState>): void => {
    state = { ...state, ...fields };
    for (const listener of listeners) listener();
  };
  const lengthOf = (scene: number): number => scenes[scene]?.length ?? 0;
  const last = scenes.length - 1;
  const isOver = (): boolean => state.scene === last && state.at === lengthOf(last);

  const schedule = (): void => {
    clearTimeout(timer);
    const scene = scenes[state.scene];
    if (!state.playing || sleeping || !scene) return;
    timer = setTimeout(advance, state.at < scene.length ? scene.pace : scene.rest);
  };
  const advance = (): void => {
    if (state.at < lengthOf(state.scene)) change({ at: state.at + 1 });
    else if (state.scene < last) change({ scene: state.scene + 1, at: 0 });
    if (isOver()) change({ playing: false });
    schedule();
  };
  const rest = (scene: number): void => {
    clearTimeout(timer);
    const shown = Math.min(Math.max(0, scene), last);
    change({ scene: shown, at: lengthOf(shown), playing: false, held: true });
  };

  return {
    scenes,
    read: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    play() {
      change({ playing: true, ...(isOver() ? { scene: 0, at: 0 } : {}) });
      schedule();
    },
    pause() {
      clearTimeout(timer);
      change({ playing: false, held: true });
    },
    hold: () => change({ held: true }),
    show: rest,
    step(by) {
      const over = state.at === lengthOf(state.scene);
      rest(by === 1 && !over ? state.scene : state.scene + by);
    },
    sleep(asleep) {
      sleeping = asleep;
      schedule();
    },
    close() {
      clearTimeout(timer);
      change({ playing: false });
    },
  };
}
