import { EngineError } from "../lib/errors.ts";

/** Of `navigator.locks`, what is used here. */
export interface Locks {
  request(
    name: string,
    options: { readonly ifAvailable?: boolean; readonly steal?: boolean },
    held: (lock: unknown) => Promise<void>,
  ): Promise<unknown>;
}

export interface WriterLock {
  /** No longer once it was taken over or released. */
  readonly isHeld: boolean;
  release(): void;
}

/** One writer an origin. */
const NAME = "elder writer";

/**
 * Becomes the only tab that may write.
 * @param takeOver from whoever holds it; without, it is refused while another does
 * @param onLost when another took it over: stop writing at once, close every file, and go on reading only
 * @throws EngineError `storage-busy` while another tab writes
 */
export function becomeWriter(locks: Locks, takeOver: boolean, onLost: () => void): Promise<WriterLock> {
  return new Promise((resolve, reject) => {
    let [isHeld, isReleased] = [false, false];
    const held = (lock: unknown): Promise<void> => {
      if (lock === null) return Promise.reject(busy());
      isHeld = true;
      return new Promise((done) => {
        const release = (): void => {
          [isHeld, isReleased] = [false, true];
          done();
        };
        resolve({
          get isHeld() {
            return isHeld;
          },
          release,
        });
      });
    };
    // The browser refuses both options in one request.
    locks.request(NAME, takeOver ? { steal: true } : { ifAvailable: true }, held).catch((thrown: unknown) => {
      const wasHeld = isHeld;
      isHeld = false;
      if (wasHeld && !isReleased) onLost();
      else reject(thrown);
    });
  });
}

const busy = (): EngineError =>
  new EngineError("storage-busy", "Another tab of this page keeps the edits.", "Go on there, or take over here: that tab then only reads.");
