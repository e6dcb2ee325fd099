/** What happens to the device beside what it is asked to do. */
import { EngineError } from "../lib/errors.ts";
import type { FaultNotice } from "./protocol.ts";

export interface DeviceWatch {
  readonly isLost: boolean;
  /** Runs work on the device; where that is lost meanwhile it ends at once. @throws EngineError `device-lost` */
  guard<T>(work: () => Promise<T>): Promise<T>;
}

/** A device that is lost, or an error on it that no call owns, is said at once. */
export function watchDevice(device: GPUDevice, notify: (notice: FaultNotice) => void): DeviceWatch {
  let lost: EngineError | undefined;
  const losing = device.lost.then(({ reason, message }) => {
    lost = deviceLost(message || reason);
    notify({ kind: "device-lost", error: lost.toFacts() });
    return lost;
  });
  device.addEventListener("uncapturederror", ({ error }) => {
    notify({
      kind: "gpu-error",
      error: {
        code: "gpu-error",
        message: error.message,
        hint: "Results since then may be wrong: reload the page, and report this message.",
      },
    });
  });
  return {
    get isLost() {
      return lost !== undefined;
    },
    async guard(work) {
      if (lost) throw lost;
      const failing = losing.then((error) => Promise.reject(error));
      // Work that a lost device left off may never end; what it says afterwards is nobody's.
      return Promise.race([work(), failing]).catch(async (thrown: unknown) => {
        // What fails on a dying device may fail before its loss is told.
        if (!lost && !(thrown instanceof EngineError)) await Promise.race([losing, new Promise((resolve) => setTimeout(resolve, LOSS_MS))]);
        throw lost ?? thrown;
      });
    },
  };
}

/** Within which the loss of a device is told after the first call on it fails. */
const LOSS_MS = 200;

const deviceLost = (why: string): EngineError =>
  new EngineError("device-lost", `The GPU device was lost: ${why}.`, "It is asked for again, and the edits are put back as they were.");

type Handlers = Readonly<Record<string, (...args: never) => Promise<unknown>>>;

/** Calls that compute end at once with a device that is lost. */
export function guarded<Calls extends object>(calls: Calls, watch: () => DeviceWatch | undefined): Partial<Calls> {
  const guard = ([kind, call]: [string, Handlers[string]]) => [
    kind,
    (...args: never) => watch()?.guard(() => call(...args)) ?? call(...args),
  ];
  const computing = Object.entries(calls as Handlers).filter(([kind]) => !WITHOUT_DEVICE.has(kind));
  return Object.fromEntries(computing.map(guard)) as Partial<Calls>;
}

/** What can be asked for while there is no device. */
const WITHOUT_DEVICE: ReadonlySet<string> = new Set([
  "start",
  "recover",
  "check",
  "storage",
  "remove",
  "putBack",
  "emptyBin",
  "readEdits",
  "readDrafts",
  "edits",
  "memory",
  "keepHere",
  "renameProject",
  "duplicateProject",
  "removeProject",
  "restoreProject",
  "exportProject",
  "importProject",
]);
