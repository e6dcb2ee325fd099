import { describe, expect, test, vi } from "vitest";
import { fakeLocks } from "./testing/fakeLocks.ts";
import { becomeWriter, type Locks } from "./writerLock.ts";

describe("the writer", () => {
  test("is one", async () => {
    const locks = fakeLocks();
    const first = await becomeWriter(locks, false, () => {});
    await expect(becomeWriter(locks, false, () => {})).rejects.toMatchObject({ code: "storage-busy" });
    expect(first.isHeld).toBe(true);
  });

  test("hands over when it is released, and is told nothing", async () => {
    const locks = fakeLocks();
    const onLost = vi.fn<() => void>();
    const first = await becomeWriter(locks, false, onLost);
    first.release();
    await Promise.resolve();
    expect(first.isHeld).toBe(false);
    expect((await becomeWriter(locks, false, () => {})).isHeld).toBe(true);
    expect(onLost).not.toHaveBeenCalled();
  });

  test("is told once when another takes over", async () => {
    const locks = fakeLocks();
    const onLost = vi.fn<() => void>();
    const first = await becomeWriter(locks, false, onLost);
    const second = await becomeWriter(locks, true, () => {});
    await vi.waitFor(() => expect(onLost).toHaveBeenCalledTimes(1));
    expect([first.isHeld, second.isHeld]).toEqual([false, true]);
  });

  test("refuses with what the browser says where there are no locks", async () => {
    const locks: Locks = { request: () => Promise.reject(new DOMException("no", "SecurityError")) };
    await expect(becomeWriter(locks, false, () => {})).rejects.toThrow("no");
  });
});
