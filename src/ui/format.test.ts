import { expect, test } from "vitest";
import { writeNumbersIn } from "../lib/locale.ts";
import { formatBytes, formatCount, formatDay, formatDuration, formatFew, formatLarge, formatProbability, formatSeconds } from "./format.ts";

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
  expect(formatDay("2026-01-02T12:04:05Z")).toBe("Jan 2, 2026");
});

test("numbers and days are written as the language does", () => {
  writeNumbersIn("de");
  expect([formatBytes(1_234_567), formatLarge(134_515_008), formatCount(12_345)]).toEqual(["1,23 MB", "135 Mio.", "12.345"]);
  expect([formatProbability(0.0001), formatProbability(0.25), formatSeconds(1.25)]).toEqual(["< 0,001", "0,250", "1,3 s"]);
  expect([formatFew(0.51), formatDay("2026-01-02T12:04:05Z")]).toEqual(["0,510", "02.01.2026"]);
  writeNumbersIn("en");
  expect(formatFew(0.51)).toBe("0.510");
});
