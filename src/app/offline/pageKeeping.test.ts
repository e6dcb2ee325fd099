import { expect, test, vi } from "vitest";
import { createPageKeeping } from "./pageKeeping.ts";
import type { FromServiceWorker } from "./serviceWorker.ts";

/** The browser's side, as far as it is used: one registration whose workers the test moves along. */
function fakeBrowser({ controlled = false } = {}) {
  const workers = new EventTarget() as EventTarget & Record<string, unknown>;
  const registration = new EventTarget() as EventTarget & Record<string, unknown>;
  const worker = (state: string) => Object.assign(new EventTarget(), { state, postMessage: vi.fn<(message: unknown) => void>() });
  const active = worker("activated");
  Object.assign(registration, { active, waiting: null, installing: null });
  Object.assign(workers, {
    controller: controlled ? active : null,
    register: vi.fn<() => Promise<unknown>>(async () => registration),
    ready: Promise.resolve(registration),
    startMessages: () => undefined,
  });
  const reload = vi.fn<() => void>();
  const keeping = createPageKeeping(workers as unknown as ServiceWorkerContainer, "https://lab.test/serviceWorker.js", reload);
  const say = (data: FromServiceWorker): boolean => workers.dispatchEvent(Object.assign(new Event("message"), { data }));
  return {
    keeping,
    active,
    registration,
    reload,
    say,
    takeover: () => workers.dispatchEvent(new Event("controllerchange")),
    /** A worker that is found, then gets to a state. */
    find(state: string) {
      const found = worker("installing");
      Object.assign(registration, { installing: found });
      registration.dispatchEvent(new Event("updatefound"));
      found.state = state;
      if (state === "installed") Object.assign(registration, { waiting: found });
      found.dispatchEvent(new Event("statechange"));
      return found;
    },
  };
}

test("keeps the page, then the model when it is asked to, and tells when both are there", async () => {
  const { keeping, active, say } = fakeBrowser();
  await keeping.start();
  expect(keeping.read()).toEqual({ status: "none", newVersion: false });
  await keeping.keepModel();
  await keeping.keepModel();
  expect(active.postMessage.mock.calls).toEqual([[{ kind: "keep" }]]);
  expect(keeping.read().status).toBe("keeping");
  say({ kind: "kept", problem: null });
  expect(keeping.read().status).toBe("kept");
});

test("a file that could not be kept is not passed off as kept", async () => {
  const { keeping, say } = fakeBrowser();
  await keeping.start();
  await keeping.keepModel();
  say({ kind: "kept", problem: "a.bin is not the file" });
  expect(keeping.read().status).toBe("unable");
});

test("the first version to be installed is no new one; the next one waits for its person", async () => {
  const first = fakeBrowser();
  await first.keeping.start();
  first.find("installed");
  expect(first.keeping.read().newVersion).toBe(false);

  const { keeping, find, reload, takeover } = fakeBrowser({ controlled: true });
  await keeping.start();
  const waiting = find("installed");
  expect(keeping.read().newVersion).toBe(true);
  expect(waiting.postMessage).not.toHaveBeenCalled();
  const leave = vi.fn<() => void>();
  keeping.useNewVersion(leave);
  expect(waiting.postMessage.mock.calls).toEqual([[{ kind: "activate" }]]);
  expect(reload).not.toHaveBeenCalled();
  expect(leave).not.toHaveBeenCalled();
  takeover();
  expect(leave).toHaveBeenCalledOnce();
  expect(reload).toHaveBeenCalledOnce();
});

test("one that another tab let in does not reload this one", async () => {
  const { keeping, reload, takeover } = fakeBrowser({ controlled: true });
  await keeping.start();
  takeover();
  expect(reload).not.toHaveBeenCalled();
  expect(keeping.read().newVersion).toBe(true);
  keeping.useNewVersion(() => undefined);
  expect(reload).toHaveBeenCalledOnce();
});

test("a browser that keeps nothing says so", async () => {
  const without = createPageKeeping(undefined, "", () => undefined);
  await without.start();
  await without.keepModel();
  expect(without.read().status).toBe("unable");

  const failing = fakeBrowser();
  Object.assign(failing.registration, { active: null });
  await failing.keeping.start();
  failing.find("redundant");
  expect(failing.keeping.read().status).toBe("unable");
});
