import { describe, expect, test } from "vitest";
import { createDocument, openDocument, type KeepingOptions } from "./document.ts";
import { migrations } from "./schema.ts";
import { crashIn, operationsOf, states, writeStates } from "./testing/crashScript.ts";
import { tornFiles, type TornOptions } from "./testing/tornFiles.ts";

const options: KeepingOptions = { migrations, now: () => 7 };
/** @returns what is wrong after a crash in each operation of the script, for each of some seeds */
async function faults(torn: TornOptions, own: KeepingOptions, seeds: number): Promise<{ tried: number; wrong: string[] }> {
  const operations = await operationsOf(torn, own);
  const wrong: string[] = [];
  for (let operation = 1; operation <= operations; operation++) {
    for (let seed = 1; seed <= seeds; seed++) {
      const { fault } = await crashIn(operation, seed * 7919 + operation, torn, own);
      if (fault) wrong.push(`operation ${operation}, seed ${seed}: ${fault}`);
    }
  }
  return { tried: operations * seeds, wrong };
}

describe("a crash in every operation of 30 edits", () => {
  const often = { ...options, compactAbove: 2500 };

  test("leaves the last acknowledged state or the next one, whole", async () => {
    const { tried, wrong } = await faults({}, often, 3);
    expect(wrong).toEqual([]);
    expect(tried).toBeGreaterThan(500);
  });

  test("shows a log that skips the flush", async () => {
    expect((await faults({ skipFlush: true }, often, 1)).wrong.length).toBeGreaterThan(10);
  });

  test("shows a log that checks no checksums", async () => {
    expect((await faults({}, { ...often, sum: () => 0 }, 3)).wrong.length).toBeGreaterThan(0);
  });
});

describe("a document", () => {
  test("opens bit for bit, with the one before it", async () => {
    const files = tornFiles();
    await writeStates(files, options);
    const document = await openDocument(files, "p", options);
    expect(document.content).toEqual(states[30]);
    expect(document.previous).toEqual(states[29]);
    expect(document.changed).toBe(7);
  });

  test("does not write an array again that the file has", async () => {
    const document = await createDocument(tornFiles(), "p", { facts: 1, arrays: { big: new Float32Array(10_000) } }, options);
    const before = document.bytes;
    await document.commit({ facts: 2, arrays: { big: new Float32Array(10_000) } });
    expect(document.bytes - before).toBeLessThan(400);
  });

  test("on a full disk is what it was, and goes on when there is room", async () => {
    const files = tornFiles({ room: 5000 });
    const document = await createDocument(files, "p", states[1]!, options);
    await expect(document.commit({ facts: 2, arrays: { big: new Float32Array(10_000) } })).rejects.toMatchObject({ code: "no-space" });
    expect(document.content).toBe(states[1]);
    await document.commit(states[2]!);
    await document.close();
    expect((await openDocument(files, "p", options)).content).toEqual(states[2]);
  });

  test("gives what was whole before damage, refuses commits, and is mended on request", async () => {
    const files = tornFiles();
    const document = await createDocument(files, "p", states[0]!, options);
    await document.commit(states[1]!);
    const broken = document.bytes + 40;
    await document.commit(states[2]!);
    await document.commit(states[3]!);
    await document.close();
    const file = await files.open("p-1", { create: false });
    file.write(broken, Uint8Array.of(1, 2, 3, 4));
    file.close();
    const opened = await openDocument(files, "p", options);
    expect(opened.damage?.code).toBe("bad-project");
    expect(opened.content).toEqual(states[1]);
    await expect(opened.commit(states[4]!)).rejects.toMatchObject({ code: "bad-project" });
    await opened.compact();
    await opened.commit(states[4]!);
    await opened.close();
    expect((await openDocument(files, "p", options)).content).toEqual(states[4]);
  });

  test("of an older schema is migrated, and kept as the newer at the next commit; an older page leaves it alone", async () => {
    const files = tornFiles();
    const old = { ...options, migrations: [] };
    const first = await createDocument(files, "p", { facts: { name: "n", edits: [{ id: 1 }] }, arrays: {} }, old);
    await first.close();
    const opened = await openDocument(files, "p", options);
    expect(opened.content.facts).toEqual({ name: "n", edits: [{ id: 1, on: true, strength: 1, standing: null }] });
    await opened.commit(opened.content);
    await opened.close();
    const { operations } = files;
    await expect(openDocument(files, "p", old)).rejects.toMatchObject({ code: "newer-schema" });
    expect(files.operations).toBe(operations);
    const last = await openDocument(files, "p", options);
    expect(last.content).toEqual(opened.content);
    await expect(openDocument(files, "p", options)).rejects.toMatchObject({ code: "storage-busy" });
  });
});
