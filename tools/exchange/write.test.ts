import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readMixtureFile } from "../../src/exchange/mixtureFile.ts";
import { readPeftArchive } from "../../src/exchange/peftArchive.ts";
import { readModelConfig } from "../../src/model/architectures/registry.ts";
import { openSafetensors } from "../../src/weights/safetensors.ts";
import { main } from "./write.ts";

test.each(["tiny-gpt2", "tiny-llama"])("what is written for %s can be read again", async (name) => {
  const folder = `tools/testing/reference/${name}`;
  const out = await mkdtemp(join(tmpdir(), "exchange-"));
  try {
    expect(await main([folder, out])).toBe(0);
    const read = async (file: string) => Uint8Array.from(await readFile(join(out, file)));
    const model = readModelConfig(JSON.parse(await readFile(`${folder}/config.json`, "utf8")));
    const plain = openSafetensors(await read("plain.safetensors"));
    const { values, settings } = readMixtureFile(model, await read("mixture.safetensors"));
    expect(values.a[1]).toEqual(plain.readTensor("mixture.1.A").data);
    expect(values.routerWeight).toEqual(plain.readTensor("router.weight").data);
    const { adapters } = readPeftArchive(model, await read("adapters.zip"));
    expect(adapters.map((one) => one.name)).toEqual([
      "edit-1",
      "edit-2",
      ...Array.from({ length: settings.experts }, (_, e) => `expert-${e}`),
    ]);
    expect(adapters[1]?.lora.parts[0]?.b).toEqual(plain.readTensor("edit.2.0.B").data);
    expect(await readdir(out)).toContain("merged-edits.safetensors");
  } finally {
    await rm(out, { recursive: true });
  }
});

test("without its two arguments it says how it is called", async () => {
  expect(await main(["one"])).toBe(2);
});
