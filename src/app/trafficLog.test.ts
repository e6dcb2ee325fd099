import { expect, test, vi } from "vitest";
import { createTrafficLog, sinceSettled } from "./trafficLog.ts";

const file = (address: string, at: number) => ({ address, bytes: 10, at });

test("requests count from the moment when everything was there, whenever they are told of", () => {
  const log = createTrafficLog();
  const listener = vi.fn<() => void>();
  log.subscribe(listener);
  log.add([file("page.js", 1)]);
  expect(sinceSettled(log.read())).toEqual([]);
  log.settle(5);
  // The engine tells of its own a moment later.
  log.add([file("model.bin", 4), file("late.json", 6)]);
  expect(sinceSettled(log.read()).map(({ address }) => address)).toEqual(["late.json"]);
  // Another model is there: its files belong to its load.
  log.settle(9);
  expect(sinceSettled(log.read())).toEqual([]);
  expect(log.read().files).toHaveLength(3);
  expect(listener).toHaveBeenCalledTimes(4);
});
