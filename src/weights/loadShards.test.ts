import { describe, expect, test } from "vitest";
import { errorFacts, type ErrorFacts } from "../lib/errors.ts";
import { encodedModel, hostTensors } from "./fixtures.ts";
import { manifestRevision, sha256Hex } from "./manifest.ts";
import { describeFormats, outlineOf, type HostTensor } from "./hostTensor.ts";
import { loadModelFiles, type HttpOptions } from "./httpShards.ts";
import type { FileProgress } from "./loadShards.ts";

const { manifest, files } = await encodedModel();
const address = "https://host/models/tiny/manifest.json?v=1";
const total = [...files.values()].reduce((sum, { length }) => sum + length, 0);

type Answer = Uint8Array<ArrayBuffer> | string | Response | ReadableStream<Uint8Array<ArrayBuffer>>;

/** A server with the model's files, but for those that `other` answers; bodies come in chunks of 300 bytes. */
function server(other: (file: string) => Answer | undefined = () => undefined) {
  const asked: string[] = [];
  const fetch: HttpOptions["fetch"] = async (url) => {
    await Promise.resolve();
    const file = /^https:\/\/host\/models\/tiny\/([^/?]+)/.exec(url)?.[1] ?? "outside";
    asked.push(file);
    const answer = other(file) ?? (file === "manifest.json" ? JSON.stringify(manifest) : files.get(file));
    if (answer === undefined) return new Response("gone", { status: 404, statusText: "Not Found" });
    if (answer instanceof Response) return answer;
    return new Response(
      answer instanceof ReadableStream ? answer : chunked(typeof answer === "string" ? new TextEncoder().encode(answer) : answer),
    );
  };
  return { asked, fetch };
}

function chunked(bytes: Uint8Array<ArrayBuffer>, size = 300): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(at, at + size));
      at += size;
    },
  });
}

function fileBytes(name: string): Uint8Array<ArrayBuffer> {
  const bytes = files.get(name);
  if (!bytes) throw new Error(`no ${name}`);
  return bytes;
}

/** Opens the model and reads every tensor of it. */
async function readWhole(url: string, options: HttpOptions): Promise<HostTensor[]> {
  const tensors: HostTensor[] = [];
  for await (const tensor of (await loadModelFiles(url, options)).tensors()) tensors.push(tensor);
  return tensors;
}

async function refusal(promise: Promise<unknown>): Promise<ErrorFacts> {
  try {
    await promise;
  } catch (thrown) {
    return errorFacts(thrown);
  }
  throw new Error("the model was accepted");
}

/** The refusal of a model where one file is another. */
function refusalOf(file: string, answer: Answer): Promise<ErrorFacts> {
  return refusal(
    readWhole(
      address,
      server((name) => (name === file ? answer : undefined)),
    ),
  );
}

describe("a model", () => {
  test("comes back as it was written, tensors across shards included", async () => {
    const model = await loadModelFiles(address, server());
    const tensors = [];
    for await (const tensor of model.tensors()) tensors.push(tensor);
    expect(tensors).toEqual(hostTensors());
    expect(model).toMatchObject({
      name: "tiny",
      config: { model_type: "gpt2", layer_norm_epsilon: 1e-5 },
      tokenizerConfig: { eos_token: "<|endoftext|>" },
    });
    expect(describeFormats(model.outline)).toBe("int8, groups of 32; a.weight int4");
    expect(model.outline).toEqual(outlineOf(hostTensors()));
    expect(JSON.parse(model.tokenizerJson)).toHaveProperty("model.type", "BPE");
  });

  test("in one shard is the same", async () => {
    const single = await encodedModel(8 * 1024 * 1024);
    expect(single.manifest.shards).toHaveLength(1);
    const fetch = server((name) => (name === "manifest.json" ? JSON.stringify(single.manifest) : single.files.get(name))).fetch;
    expect(await readWhole(address, { fetch })).toEqual(hostTensors());
  });

  test("is looked for beside its manifest, each file once, the tokenizer first", async () => {
    const { asked, fetch } = server();
    await readWhole(address, { fetch });
    expect(asked).toEqual(["manifest.json", "tokenizer.json", "shard-0000.bin", "shard-0001.bin", "shard-0002.bin", "shard-0003.bin"]);
    const relative: string[] = [];
    await refusal(
      readWhole("models/tiny/manifest.json", {
        fetch: (url) => (
          relative.push(url),
          relative.length === 1 ? Promise.resolve(new Response(JSON.stringify(manifest))) : fetch(url, {})
        ),
      }),
    );
    expect(relative).toEqual(["models/tiny/manifest.json", "models/tiny/tokenizer.json"]);
  });

  test("reports progress that never falls and ends complete", async () => {
    const seen: FileProgress[] = [];
    await readWhole(address, { ...server(), onProgress: (progress) => seen.push(progress) });
    expect(seen[0]).toEqual({ phase: "manifest", file: "manifest.json", loadedBytes: 0, totalBytes: 0 });
    expect(seen.at(-1)).toMatchObject({ phase: "weights", loadedBytes: total, totalBytes: total });
    expect(seen.slice(1).every(({ totalBytes }) => totalBytes === total)).toBe(true);
    const loaded = seen.map(({ loadedBytes }) => loadedBytes);
    expect(loaded).toEqual(loaded.toSorted((a, b) => a - b));
    expect(new Set(loaded).size).toBeGreaterThan(total / 300);
    expect([...new Set(seen.map(({ phase }) => phase))]).toEqual(["manifest", "tokenizer", "weights"]);
  });

  test("may not have shards of a size that the format does not allow", async () => {
    for (const size of [0, 6, 8 * 1024 * 1024 + 4]) await expect(encodedModel(size)).rejects.toThrow(`shards of ${size} bytes`);
  });
});

describe("a damaged file is refused:", () => {
  test.each(["shard-0000.bin", "shard-0003.bin", "tokenizer.json"])("one bit of %s flipped", async (file) => {
    const bytes = fileBytes(file).slice();
    bytes[40] = (bytes[40] ?? 0) ^ 8;
    const facts = await refusalOf(file, bytes);
    expect(facts.code).toBe("bad-shard");
    expect(facts.message).toMatch(new RegExp(`^${file}: got SHA-256 [0-9a-f]{64}, expected [0-9a-f]{64}\\.$`));
    expect(facts.hint).toContain("load again");
  });

  const shard = "shard-0001.bin";
  const cases: readonly [string, string, () => Answer, string, RegExp][] = [
    [
      "a shard cut short",
      shard,
      () => fileBytes(shard).slice(0, 640),
      "bad-shard",
      /shard-0001\.bin: got 640 bytes, expected 1000: the file is cut short/,
    ],
    ["an empty shard", shard, () => new Uint8Array(0), "bad-shard", /got 0 bytes, expected 1000/],
    ["a shard with more after it", shard, () => new Uint8Array(1004), "bad-shard", /got more than 1000 bytes, expected 1000/],
    ["another shard's bytes", shard, () => fileBytes("shard-0002.bin"), "bad-shard", /got SHA-256/],
    [
      "an HTML page for a shard",
      shard,
      () => "<!doctype html><title>Not found</title>",
      "bad-shard",
      /shard-0001\.bin: got an HTML page, expected 1000 bytes/,
    ],
    ["a long HTML page for a shard", shard, () => `<html>${" ".repeat(2000)}`, "bad-shard", /got an HTML page/],
    ["a Git LFS pointer for a shard", shard, () => "version https://git-lfs.github.com/spec/v1\n", "bad-shard", /got a Git LFS pointer/],
    [
      "no shard",
      shard,
      () => new Response("no", { status: 404, statusText: "Not Found" }),
      "fetch-failed",
      /shard-0001\.bin: got HTTP 404 Not Found, expected 200/,
    ],
    [
      "no tokenizer",
      "tokenizer.json",
      () => new Response("no", { status: 403 }),
      "fetch-failed",
      /tokenizer\.json: got HTTP 403, expected 200/,
    ],
    [
      "no manifest",
      "manifest.json",
      () => new Response("no", { status: 404 }),
      "fetch-failed",
      /manifest\.json\S*: got HTTP 404, expected 200/,
    ],
    ["a broken server", "manifest.json", () => new Response("no", { status: 500 }), "fetch-failed", /HTTP 500/],
    [
      "an HTML page for the manifest",
      "manifest.json",
      () => "<!DOCTYPE html><p>App",
      "bad-manifest",
      /got an HTML page from https:\/\/host.*expected JSON/,
    ],
    [
      "a manifest cut short",
      "manifest.json",
      () => JSON.stringify(manifest).slice(0, 900),
      "bad-manifest",
      /broken JSON at character 900|closing quote|got the end of the text/,
    ],
    ["a manifest that is no UTF-8", "manifest.json", () => Uint8Array.of(0x7b, 0xff), "bad-manifest", /no UTF-8/],
    ["an empty manifest", "manifest.json", () => "", "bad-manifest", /empty text/],
    [
      "a manifest changed by hand",
      "manifest.json",
      () => JSON.stringify({ ...manifest, config: { model_type: "llama" } }),
      "bad-manifest",
      /got revision [0-9a-f]{64}, expected [0-9a-f]{64}.*changed after/,
    ],
    ["an endless manifest", "manifest.json", () => endless(), "bad-manifest", /more than 33554432 bytes/],
    ["a connection that breaks", shard, () => breaking(), "fetch-failed", /the download failed \(reset\)/],
  ];

  test.each(cases)("%s", async (_what, file, answer, code, says) => {
    const facts = await refusalOf(file, answer());
    expect(facts.message).toMatch(says);
    expect(facts.code).toBe(code);
    expect(facts.hint.length).toBeGreaterThan(10);
  });

  test("no network", async () => {
    const facts = await refusal(readWhole(address, { fetch: () => Promise.reject(new TypeError("Failed to fetch")) }));
    expect(facts).toMatchObject({
      code: "fetch-failed",
      message: expect.stringContaining("Failed to fetch") as string,
      hint: expect.stringContaining("connection") as string,
    });
  });

  test("a tokenizer that is no UTF-8", async () => {
    const bytes = Uint8Array.of(0xff, 0xfe);
    const changed = { ...manifest, tokenizer: { file: "tokenizer.json", bytes: 2, sha256: await sha256Hex(bytes) } };
    const text = JSON.stringify({ ...changed, revision: await manifestRevision(changed) });
    const { fetch } = server((name) => (name === "manifest.json" ? text : name === "tokenizer.json" ? bytes : undefined));
    expect(await refusal(readWhole(address, { fetch }))).toMatchObject({ code: "bad-tokenizer" });
  });
});

function endless(): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(4 * 1024 * 1024).fill(0x20)) });
}

function breaking(): ReadableStream<Uint8Array<ArrayBuffer>> {
  let sent = false;
  return new ReadableStream({
    pull(controller) {
      if (sent) controller.error(new TypeError("reset"));
      else controller.enqueue(new Uint8Array(200));
      sent = true;
    },
  });
}

describe("cancelling", () => {
  test("before the start asks for nothing", async () => {
    const { asked, fetch } = server();
    expect((await refusal(readWhole(address, { fetch, signal: AbortSignal.abort() }))).code).toBe("cancelled");
    expect(asked).toEqual([]);
  });

  test("in the middle of a shard stops there", async () => {
    const { asked, fetch } = server();
    const controller = new AbortController();
    const seen: FileProgress[] = [];
    const onProgress = (progress: FileProgress) => {
      seen.push(progress);
      if (progress.file === "shard-0001.bin" && progress.loadedBytes > total - 2000) controller.abort();
    };
    expect((await refusal(readWhole(address, { fetch, signal: controller.signal, onProgress }))).code).toBe("cancelled");
    expect(asked).not.toContain("outside");
    expect(seen.at(-1)?.loadedBytes).toBeLessThan(total);
  });

  test("while the server is silent ends at once, and lets go of the body", async () => {
    const controller = new AbortController();
    let released = false;
    const silent = new ReadableStream<Uint8Array<ArrayBuffer>>({ cancel: () => void (released = true) });
    const { fetch } = server((name) => (name === "shard-0000.bin" ? silent : undefined));
    const loading = refusal(readWhole(address, { fetch, signal: controller.signal }));
    setTimeout(() => controller.abort(), 20);
    expect((await loading).code).toBe("cancelled");
    expect(released).toBe(true);
  });

  test("while a request waits ends as the request does", async () => {
    const controller = new AbortController();
    const fetch: HttpOptions["fetch"] = (_url, { signal }) =>
      new Promise((_resolve, reject) => signal?.addEventListener("abort", () => reject(new DOMException("stopped", "AbortError"))));
    const loading = refusal(readWhole(address, { fetch, signal: controller.signal }));
    controller.abort();
    expect((await loading).code).toBe("cancelled");
  });
});
