import { expect, test } from "vitest";
import { formatBytes, formatDay, formatDuration, formatLarge } from "./format.ts";

test.each([
  [0, "0 B"],
  [999, "999 B"],
  [999_600, "1.00 MB"],
  [1_234_567, "1.23 MB"],
  [13_476_831_232, "13.5 GB"],
  [1.2e12, "1.20 TB"],
])("%d bytes are %s", (bytes, text) => expect(formatBytes(bytes)).toBe(text));

test("parameters are counted as people say them", () => {
  expect([950, 12_345, 134_515_008, 6_738_415_616].map(formatLarge)).toEqual(["950", "12.3 k", "135 M", "6.74 B"]);
});

test.each([
  [0.2, "1 s"],
  [59.4, "59 s"],
  [61, "1 min"],
  [3599, "1 h 0 min"],
  [5400, "1 h 30 min"],
])("%d s left are said as %s", (seconds, text) => expect(formatDuration(seconds)).toBe(text));

test("a day is said so that nobody takes it for another", () => {
  expect(formatDay("2026-01-02T03:04:05Z")).toBe("2026-01-02");
});
