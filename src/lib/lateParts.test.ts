import { expect, test, vi } from "vitest";
import { latePart, loadLateParts } from "./lateParts.ts";

test("a part is loaded once, whoever asks first", async () => {
  const load = vi.fn<() => Promise<string>>(async () => "part");
  const part = latePart(load);
  expect(load).not.toHaveBeenCalled();
  await loadLateParts();
  expect(await part()).toBe("part");
  await loadLateParts();
  expect(load).toHaveBeenCalledOnce();
});

test("parts that become known with another are loaded too", async () => {
  const inner = vi.fn<() => Promise<number>>(async () => 2);
  latePart(async () => void latePart(inner));
  await loadLateParts();
  expect(inner).toHaveBeenCalledOnce();
});

test("one that failed holds up none, and is tried again when it is asked for", async () => {
  let online = false;
  const part = latePart(async () => {
    if (!online) throw new Error("offline");
    return "part";
  });
  await loadLateParts();
  await expect(part()).rejects.toThrow("offline");
  online = true;
  expect(await part()).toBe("part");
});
