import { afterAll, describe, expect, test } from "vitest";
import { startHubServer } from "../../tools/testing/hubServer.ts";
import { errorFacts, type ErrorFacts } from "../lib/errors.ts";
import { hubAccess, tokenHeaders } from "./hubAccess.ts";
import { openRepository, parseRepositoryId, type RepositoryOptions } from "./hub.ts";
import { goldenFiles } from "./testing/hubCases.ts";

const commit = "0123456789abcdef0123456789abcdef01234567";
const server = await startHubServer({
  repositories: {
    "org/model": { files: goldenFiles("tiny-gpt2"), commit, licence: "mit" },
    "org/gated": { files: { "config.json": new Uint8Array(3) }, gated: true },
  },
  renamed: { model: "org/model" },
});
afterAll(() => server.close());
const { endpoint } = server;

async function refusal(promise: Promise<unknown>): Promise<ErrorFacts> {
  try {
    await promise;
  } catch (thrown) {
    return errorFacts(thrown);
  }
  throw new Error("it was accepted");
}

describe("a repository", () => {
  test("is opened at its commit, with sizes and hashes", async () => {
    const repository = await openRepository("org/model", { endpoint });
    expect(repository).toMatchObject({ id: "org/model", commit, requestedRevision: "main", licence: "mit", gated: false });
    const [config, weights] = repository.files;
    expect(config).toMatchObject({ path: "config.json", url: `${endpoint}/org/model/resolve/${commit}/config.json` });
    expect(config?.gitOid).toMatch(/^[0-9a-f]{40}$/);
    expect(weights).toMatchObject({ path: "model.safetensors", bytes: 968_992 });
    expect(weights?.sha256).toMatch(/^[0-9a-f]{64}$/);
    // Of a large file the Hub's git knows the pointer only.
    expect(weights).not.toHaveProperty("gitOid");
  });

  test("is found by its old name, by a commit, and by its page's address", async () => {
    for (const [id, revision] of [["model"], ["org/model", commit], [`https://huggingface.co/org/model/tree/${commit}`]] as const)
      expect(await openRepository(id, { endpoint, ...(revision ? { revision } : {}) })).toMatchObject({ commit });
  });

  test("that is gated says so, and is described without a token", async () => {
    expect(await openRepository("org/gated", { endpoint })).toMatchObject({ gated: true });
  });
});

describe("names", () => {
  test.each([
    ["gpt2", "gpt2", undefined],
    [" openai-community/gpt2-xl ", "openai-community/gpt2-xl", undefined],
    ["https://huggingface.co/HuggingFaceTB/SmolLM2-135M", "HuggingFaceTB/SmolLM2-135M", undefined],
    ["https://huggingface.co/gpt2/", "gpt2", undefined],
    ["https://huggingface.co/a/b/tree/v1.0?x=1#y", "a/b", "v1.0"],
    ["https://hf.co/a/b/blob/main/config.json", "a/b", "main"],
    ["https://huggingface.co/a/b/tree/refs%2Fpr%2F1", "a/b", "refs/pr/1"],
    ["https://huggingface.co/a/b/tree/100%", "a/b", "100%"],
  ])("%s", (text, id, revision) => {
    expect(parseRepositoryId(text)).toEqual(revision === undefined ? { id } : { id, revision });
  });

  test.each([
    "",
    "a/b/c",
    "../b",
    "a/..",
    "a b/c",
    "a\\b",
    ".a/b",
    "a//b",
    "a/b/tree/main",
    `a/${"b".repeat(97)}`,
    "file:///a/b",
    "https://huggingface.co/",
    "https://huggingface.co/datasets/a/b",
    "https://example.org/a/b",
    "http://huggingface.co/a/b",
    "https://huggingface.co@evil.example/a/b",
  ])("%j is none", (text) => {
    expect(() => parseRepositoryId(text)).toThrow(expect.objectContaining({ code: "unknown-model" }));
  });

  test("a revision cannot leave its place either", async () => {
    for (const revision of ["..", "a/../b", "/main", "", "a b", "x".repeat(300)])
      expect((await refusal(openRepository("org/model", { endpoint, revision }))).code).toBe("unknown-model");
  });
});

describe("the Hub's refusals", () => {
  const cases: readonly [string, string, RepositoryOptions, string, RegExp, RegExp][] = [
    [
      "no such repository",
      "org/none",
      {},
      "unknown-model",
      /org\/none at revision main: got HTTP 401 \(RepoNotFound\)/,
      /private, paste a read token/,
    ],
    ["no such repository, with a token", "org/none", { token: "hf_reader" }, "unknown-model", /404 \(RepoNotFound\)/, /Check its name/],
    ["no such revision", "org/model", { revision: "v9" }, "unknown-model", /404 \(RevisionNotFound\), expected a revision/, /revision/],
    ["a wrong token", "org/model", { token: "hf_wrong" }, "hub-refused", /got HTTP 401/, /mistyped, expired or revoked/],
  ];
  test.each(cases)("%s", async (_, id, options, code, message, hint) => {
    const facts = await refusal(openRepository(id, { endpoint, ...options }));
    expect(facts.code).toBe(code);
    expect(facts.message).toMatch(message);
    expect(facts.hint).toMatch(hint);
    expect(JSON.stringify(facts)).not.toContain("hf_w");
  });

  test("too many requests, and for how long", async () => {
    server.faults.add({ kind: "status", status: 429, retryAfter: "17", when: () => true });
    const facts = await refusal(openRepository("org/model", { endpoint }));
    expect(facts).toMatchObject({ code: "hub-refused", hint: "Try again in 17 seconds; a token raises the limit." });
  });

  test("trouble of the server, a login page, and nobody there", async () => {
    server.faults.add({ kind: "status", status: 503, when: () => true });
    expect(await refusal(openRepository("org/model", { endpoint }))).toMatchObject({
      code: "fetch-failed",
      message: expect.stringContaining("503"),
    });
    server.faults.add({ kind: "html", when: () => true });
    expect(await refusal(openRepository("org/model", { endpoint }))).toMatchObject({
      code: "fetch-failed",
      message: expect.stringContaining("an HTML page"),
    });
    server.faults.add({ kind: "drop", when: () => true });
    expect((await refusal(openRepository("org/model", { endpoint }))).code).toBe("fetch-failed");
    expect((await refusal(openRepository("org/model", { endpoint: "http://127.0.0.1:1" }))).code).toBe("fetch-failed");
  });

  test("cancelled", async () => {
    expect((await refusal(openRepository("org/model", { endpoint, signal: AbortSignal.abort() }))).code).toBe("cancelled");
  });
});

describe("a description is refused that", () => {
  const file = { rfilename: "a.json", size: 1 };
  const cases: readonly [string, unknown][] = [
    ["is no JSON", "{"],
    ["is no object", []],
    ["is nested without end", `${"[".repeat(200_000)}${"]".repeat(200_000)}`],
    ["has no commit", { siblings: [file] }],
    ["has a short commit", { sha: "abc", siblings: [file] }],
    ["has no files", { sha: commit }],
    ["has too many files", { sha: commit, siblings: Array.from({ length: 20_001 }, () => file) }],
    ["names a file twice", { sha: commit, siblings: [file, file] }],
    ["has a file without a size", { sha: commit, siblings: [{ rfilename: "a.json" }] }],
    ["has a negative size", { sha: commit, siblings: [{ rfilename: "a.json", size: -1 }] }],
    ["has a size that no number holds", { sha: commit, siblings: [{ rfilename: "a.json", size: 2 ** 60 }] }],
    ["has a file that is null", { sha: commit, siblings: [null] }],
    ...["../a", "/a", "a\\b", "a//b", "./a", "a/..", "c:x", "a\u0000b", "", "x".repeat(1001)].map((rfilename): [string, unknown] => [
      `has the path ${JSON.stringify(rfilename.slice(0, 20))}`,
      { sha: commit, siblings: [{ rfilename, size: 1 }] },
    ]),
  ];
  test.each(cases)("%s", async (_, answer) => {
    const text = typeof answer === "string" ? answer : JSON.stringify(answer);
    const facts = await refusal(openRepository("a/b", { fetch: async () => new Response(text) }));
    expect(facts.code).toBe("fetch-failed");
    expect(facts.message).toContain("a/b: got ");
  });

  test("is beyond all bounds", async () => {
    const endless = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(1 << 20).fill(32)) });
    expect((await refusal(openRepository("a/b", { fetch: async () => new Response(endless) }))).message).toContain(
      "more than 16777216 bytes",
    );
  });

  test("leaves prototypes alone, and what is not asked for", async () => {
    const text = `{"__proto__":{"polluted":1},"sha":"${commit}","gated":"auto","big":123456789012345678901234567890,"siblings":[{"rfilename":"__proto__","size":2,"blobId":"x"}]}`;
    const repository = await openRepository("a/b", { fetch: async () => new Response(text) });
    expect(repository).toMatchObject({ gated: true, files: [{ path: "__proto__", bytes: 2 }] });
    expect(repository.files[0]).not.toHaveProperty("gitOid");
    expect({}).not.toHaveProperty("polluted");
  });
});

describe("a token", () => {
  const asked: string[] = [];
  const fetch = async (url: string, init: RequestInit): Promise<Response> => {
    asked.push(`${new URL(url).origin} ${new Headers(init.headers).get("authorization")}`);
    return new Response(null, { status: 403 });
  };

  test.each([
    ["https://huggingface.co", true],
    ["http://localhost:8080", true],
    ["http://127.0.0.1:1234", true],
    ["http://[::1]:80", true],
    ["http://huggingface.co", false],
    ["https://hf-mirror.example", false],
    ["https://huggingface.co.example", false],
    ["https://huggingface.co:8443", false],
    ["http://127.0.0.1.example", false],
  ])("to %s: %s", async (address, sent) => {
    asked.length = 0;
    const facts = await refusal(openRepository("a/b", { endpoint: address, token: "hf_secret", fetch }));
    expect(asked).toEqual([`${new URL(address).origin} ${sent ? "Bearer hf_secret" : "null"}`]);
    expect(facts.hint).toMatch(sent ? /accept its terms/ : /The token was not sent/);
    expect(JSON.stringify(facts)).not.toContain("hf_secret");
  });

  test("goes to no other origin", () => {
    const access = hubAccess(undefined, " hf_secret\n");
    expect(tokenHeaders("https://huggingface.co/a/b/resolve/main/c", access)).toEqual({ Authorization: "Bearer hf_secret" });
    for (const url of ["https://cdn-lfs.hf.co/x", "http://huggingface.co/x", "https://huggingface.co.evil.example/"])
      expect(tokenHeaders(url, access)).toEqual({});
  });

  test("that is none is refused before it is sent, and not repeated", () => {
    for (const token of ["hf_a b", "hf_\u00e4", "hf_a\r\nX: y", "x".repeat(300)])
      expect(() => hubAccess(endpoint, token)).toThrow(
        expect.objectContaining({ code: "hub-refused", message: expect.not.stringContaining(token) }),
      );
  });

  test("endpoints that are none are refused", () => {
    for (const address of ["", "huggingface.co", "ftp://x", "https://user:pass@x", "https://x/?a=b"])
      expect(() => hubAccess(address)).toThrow(expect.objectContaining({ code: "hub-refused" }));
  });
});
