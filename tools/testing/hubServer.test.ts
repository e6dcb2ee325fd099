import { afterAll, describe, expect, test } from "vitest";
import { startHubServer } from "./hubServer.ts";

const weights = Uint8Array.from({ length: 1000 }, (_, index) => index % 251);
const commit = "c".repeat(40);
const server = await startHubServer({
  repositories: {
    "org/model": { files: { "config.json": new TextEncoder().encode("{}"), "sub/w.safetensors": weights }, commit, licence: "mit" },
  },
  renamed: { model: "org/model" },
  signedUses: 2,
});
afterAll(() => server.close());
const { endpoint, cdn } = server;
const origin = "http://page.example";

async function ask(path: string, headers: Record<string, string> = {}, init: RequestInit = {}): Promise<Response> {
  return fetch(path.startsWith("http") ? path : endpoint + path, { redirect: "manual", headers: { origin, ...headers }, ...init });
}

const file = `/org/model/resolve/main/sub/w.safetensors`;

describe("the local Hub", () => {
  test("describes a repository as the Hub's API does", async () => {
    expect(await (await ask("/api/models/org/model/revision/main?blobs=true")).json()).toMatchObject({
      sha: commit,
      gated: false,
      cardData: { license: "mit" },
      siblings: [
        // `printf '{}' | git hash-object --stdin`
        { rfilename: "config.json", size: 2, blobId: "9e26dfeeb6e641a33dae4961196235bdb965b21b" },
        { rfilename: "sub/w.safetensors", size: 1000, lfs: { size: 1000, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) } },
      ],
    });
    expect((await ask("/api/models/model/revision/main?blobs=true")).headers.get("location")).toBe(
      "/api/models/org/model/revision/main?blobs=true",
    );
  });

  test("leads to signed storage for large files, and to itself for small ones", async () => {
    const large = await ask(file);
    expect(large.status).toBe(302);
    expect(large.headers.get("location")).toMatch(new RegExp(`^${cdn}/repos/[0-9a-f]{64}\\?Expires=\\d+&Signature=`));
    expect(large.headers.get("x-linked-size")).toBe("1000");
    expect(large.headers.get("x-repo-commit")).toBe(commit);
    const small = await ask("/org/model/resolve/main/config.json");
    expect([small.status, small.headers.get("location")]).toEqual([307, `/api/resolve-cache/models/org/model/at/${commit}/config.json`]);
    expect(await (await fetch(`${endpoint}/model/resolve/${commit}/config.json`)).text()).toBe("{}");
  });

  test("answers one range of a file, with what a page of another origin may read", async () => {
    const response = await fetch(endpoint + file, { headers: { origin, Range: "bytes=10-19" } });
    expect(response.status).toBe(206);
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(weights.slice(10, 20));
    expect(response.headers.get("content-range")).toBe("bytes 10-19/1000");
    expect(response.headers.get("access-control-allow-origin")).toMatch(/^(?:\*|http:\/\/page\.example|null)$/);
    expect(response.headers.get("access-control-expose-headers")).toContain("Content-Range");
    const beyond = await fetch(endpoint + file, { headers: { Range: "bytes=1000-1001" } });
    expect([beyond.status, beyond.headers.get("content-range")]).toEqual([416, "bytes */1000"]);
    const changed = await fetch(endpoint + file, { headers: { Range: "bytes=0-1", "If-Range": '"old"' } });
    expect([changed.status, (await changed.arrayBuffer()).byteLength]).toEqual([200, 1000]);
  });

  test("lets a signed address expire by use and by time", async () => {
    const signed = (await ask(file)).headers.get("location") ?? "";
    expect(await Promise.all([1, 2, 3].map(async () => (await ask(signed)).status))).toEqual([200, 200, 403]);
    const brief = await startHubServer({ repositories: { "a/b": { files: { "w.bin": weights } } }, signedMs: -1 });
    expect((await fetch(`${brief.endpoint}/a/b/resolve/main/w.bin`)).status).toBe(403);
    await brief.close();
  });

  test("answers what a page asks before it sends a token", async () => {
    const response = await ask(file, { "access-control-request-headers": "authorization" }, { method: "OPTIONS" });
    expect([response.status, response.headers.get("access-control-allow-headers")]).toEqual([204, "authorization"]);
  });

  test("says what is not there as the Hub does", async () => {
    const code = async (path: string, headers = {}) => {
      const response = await ask(path, headers);
      return [response.status, response.headers.get("x-error-code")];
    };
    expect(await code("/api/models/org/none/revision/main")).toEqual([401, "RepoNotFound"]);
    expect(await code("/api/models/org/none/revision/main", { authorization: "Bearer hf_reader" })).toEqual([404, "RepoNotFound"]);
    expect(await code("/api/models/org/model/revision/v9")).toEqual([404, "RevisionNotFound"]);
    expect(await code("/org/model/resolve/main/none.bin")).toEqual([404, "EntryNotFound"]);
    expect(await code("/nothing")).toEqual([404, null]);
  });

  test("keeps a log, and does wrong what it is told to, as often as it is told to", async () => {
    server.log.length = 0;
    server.faults.add({ kind: "status", status: 500, times: 2, when: ({ file: path }) => path === "config.json" });
    const address = "/org/model/resolve/main/config.json";
    expect(await Promise.all([1, 2, 3].map(async () => (await ask(address, { authorization: "Bearer hf_reader" })).status))).toEqual([
      500, 500, 307,
    ]);
    expect(server.log.map(({ at, file: path, authorization }) => [at, path, authorization])).toEqual(
      Array.from({ length: 3 }, () => ["hub", "config.json", true]),
    );
    server.faults.add({ kind: "cut", at: 500 });
    await expect(fetch(endpoint + file).then((response) => response.arrayBuffer())).rejects.toThrow("terminated");
    // A request that would not send the byte is left alone.
    server.faults.add({ kind: "flip", at: 500 });
    const bytes = async (range: string) =>
      new Uint8Array(await (await fetch(endpoint + file, { headers: { Range: range } })).arrayBuffer());
    expect(await bytes("bytes=0-499")).toEqual(weights.slice(0, 500));
    expect((await bytes("bytes=490-509"))[10]).toBe((weights[500] ?? 0) ^ 16);
    expect(server.faults.left()).toBe(0);
  });
});
