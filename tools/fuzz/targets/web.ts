/** What comes over the network: links, answers to range requests, the Hub's description of a repository, a recorded run. */
import { deflateRawSync } from "node:zlib";
import { createPrng } from "../../../src/lib/prng.ts";
import { EngineError } from "../../../src/lib/errors.ts";
import { readRecording } from "../../../src/panels/recorded/readRecording.ts";
import { promptKinds, rowsOf, traceOf, type Recording } from "../../../src/panels/recorded/recording.ts";
import { crc32, fromBase64Url, toBase64Url } from "../../../src/share/bytes.ts";
import { decodeLink, encodeLink } from "../../../src/share/linkCodec.ts";
import type { LinkState } from "../../../src/share/linkState.ts";
import { anyState } from "../../../src/share/testing/anyState.ts";
import { toWire } from "../../../src/share/wire.ts";
import { openRepository, parseRepositoryId, type Repository } from "../../../src/weights/hub.ts";
import { requestRange, type RangeAnswer } from "../../../src/weights/rangeRequest.ts";
import { Setback } from "../../../src/weights/setback.ts";
import { damageBytes } from "../damageBytes.ts";
import type { Draw } from "../draw.ts";
import { awkwardNumbers, awkwardTexts } from "../hostileJson.ts";
import { mutateTree, treeOf, writeTree } from "../jsonTree.ts";
import { alone, bytesOf, textOf, type FuzzSource, type Input } from "../target.ts";
import { recordedRun } from "./recordedRun.ts";
import { textMutator } from "./texts.ts";

/** A fragment around any text, sealed as a page seals its own. */
export function sealedLink(text: string | Uint8Array, version = "1"): string {
  const packed = deflateRawSync(text);
  const check = new Uint8Array(4);
  new DataView(check.buffer).setUint32(0, crc32(packed));
  return `#lab=${version}.${toBase64Url(new Uint8Array([...check, ...packed]))}`;
}

function mutateLink(states: readonly LinkState[], links: readonly string[], draw: Draw): string | Uint8Array {
  const link = draw.pick(links);
  const way = draw.prng.below(8);
  if (way === 0) return damageBytes(new TextEncoder().encode(link), draw);
  if (way === 1) return `#lab=1.${toBase64Url(damageBytes(fromBase64Url(link.slice(7)), draw))}`;
  const text = writeTree(mutateTree(treeOf(toWire(draw.pick(states))), draw));
  return sealedLink(draw.oneIn(10) ? damageBytes(new TextEncoder().encode(text), draw) : text);
}

export const link: FuzzSource = {
  name: "link",
  share: 8,
  async open() {
    const states = Array.from({ length: 12 }, (_, i) => anyState(createPrng(i)));
    const links = await Promise.all(states.map(encodeLink));
    return {
      codes: ["bad-link"],
      sound: links.map(alone),
      mutate: (draw) => alone(mutateLink(states, links, draw)),
      read: (input) => decodeLink(textOf(input)),
      // A state has one spelling: what was read is what is written of it.
      async check(_, read) {
        const again = await decodeLink(await encodeLink(read as LinkState));
        return JSON.stringify(again) === JSON.stringify(read) ? undefined : "another state when shared again";
      },
    };
  },
};

const remote = { path: "model.safetensors", url: "https://host.test/model.safetensors", bytes: 1000 };
const asked = { begin: 100, end: 200, fresh: true };
export const answer = new Map([
  ["status", "206"],
  ["content-range", "bytes 100-199/1000"],
  ["content-length", "100"],
  ["etag", '"a"'],
  ["content-type", "application/octet-stream"],
]);
const statuses = ["200", "201", "204", "206", "301", "304", "403", "404", "408", "416", "429", "500", "503"];
const ranges = [
  "bytes 100-199/*",
  "bytes 0-99/1000",
  "bytes 100-99/1000",
  "bytes 100-200/1000",
  "bytes */1000",
  "bytes 100-199/999",
  "100-199",
];

export const headersOf = (fields: ReadonlyMap<string, string>): Input =>
  new Map([...fields].map(([name, text]) => [name, new TextEncoder().encode(text)] as const));

function mutateAnswer(draw: Draw): Input {
  const fields = new Map(answer);
  const name = draw.pick([...fields.keys()]);
  const text = fields.get(name) ?? "";
  const way = draw.prng.below(4);
  if (way === 3) return new Map([...headersOf(fields), [name, damageBytes(new TextEncoder().encode(text), draw)]]);
  if (name === "status") fields.set(name, draw.pick(statuses));
  else if (way === 0) fields.delete(name);
  else if (way === 1) fields.set(name, draw.pick([...awkwardNumbers, ...awkwardTexts, ...ranges, "multipart/byteranges"]));
  else
    fields.set(
      name,
      text.replaceAll(/\d+/g, (digits) => (draw.oneIn(2) ? draw.pick(awkwardNumbers) : digits)),
    );
  if (draw.oneIn(2)) fields.set("content-range", draw.pick(ranges));
  if (draw.oneIn(4)) fields.set("retry-after", draw.pick([...awkwardNumbers, "Wed, 21 Oct 2015 07:28:00 GMT"]));
  return headersOf(fields);
}

/** What no server can send is left out: then the header is missing. */
function responseOf(input: Input): Response {
  const headers = new Headers();
  for (const name of input.keys())
    if (name !== "status")
      try {
        headers.set(name, textOf(input, name));
      } catch {
        continue;
      }
  const status = Number(textOf(input, "status"));
  const known = statuses.includes(String(status)) ? status : 206;
  return new Response(known === 204 || known === 304 ? null : "x".repeat(100), { status: known, headers });
}

async function readAnswer(input: Input): Promise<RangeAnswer> {
  const context = { fetch: async () => responseOf(input), access: undefined, now: () => 0 };
  try {
    return await requestRange({ file: remote }, asked, context, new AbortController().signal);
  } catch (thrown) {
    if (thrown instanceof Setback && thrown.waitMs >= 0) throw thrown.error;
    throw thrown;
  }
}

function checkAnswer(input: Input, { begin, end, whole }: RangeAnswer): string | undefined {
  if (whole)
    return begin === 0 && end === remote.bytes && textOf(input, "status") === "200" ? undefined : `the whole from ${begin} to ${end}`;
  const told = responseOf(input).headers.get("content-range") ?? "";
  const [from, to, total] = (told.match(/\d+/g) ?? []).map(Number);
  if (begin !== asked.begin || end <= begin || end > asked.end) return `bytes ${begin} to ${end} of those asked`;
  if (from !== undefined && (from !== begin || to !== end - 1)) return `bytes ${begin} to ${end} by ${told}`;
  return total === undefined || total === remote.bytes ? undefined : `a file of ${total} bytes`;
}

export const range: FuzzSource = {
  name: "range",
  share: 6,
  async open() {
    return {
      codes: ["fetch-failed", "file-changed", "hub-refused"],
      sound: [headersOf(answer)],
      mutate: mutateAnswer,
      read: readAnswer,
      check: (input, read) => checkAnswer(input, read as RangeAnswer),
    };
  },
};

export const repository = {
  sha: "0123456789abcdef0123456789abcdef01234567",
  gated: false,
  cardData: { license: "mit" },
  siblings: [
    { rfilename: "config.json", size: 600, blobId: "0123456789abcdef0123456789abcdef01234567" },
    { rfilename: "model.safetensors", size: 130, lfs: { size: 5000, sha256: "ab".repeat(32) } },
  ],
};

function checkRepository({ commit, files, id }: Repository): string | undefined {
  const root = `https://huggingface.co/${id}/resolve/${commit}/`;
  const out = files.find(({ url, path }) => !new URL(url).href.startsWith(root) || /(?:^|\/)\.\.?(?:\/|$)|[\\\0]|^\//.test(path));
  if (out) return `the address ${out.url.slice(0, 80)}`;
  const sized = files.every(({ bytes }) => Number.isSafeInteger(bytes) && bytes >= 0);
  return sized && new Set(files.map(({ path }) => path)).size === files.length ? undefined : "a size that is none, or a file twice";
}

export const hub: FuzzSource = {
  name: "hub",
  share: 6,
  async open() {
    const mutate = textMutator([repository]);
    return {
      codes: ["fetch-failed", "unknown-model", "hub-refused"],
      sound: [alone(JSON.stringify(repository))],
      mutate: (draw) => alone(mutate(draw)),
      read: (input) => openRepository("owner/name", { fetch: async () => new Response(bytesOf(input)) }),
      check: (_, read) => checkRepository(read as Repository),
    };
  },
};

const addresses = [
  "owner/name",
  "gpt2",
  "https://huggingface.co/owner/name/tree/main",
  "https://hf.co/a/b/blob/v1%2E0/x.gguf?download=1#x",
];

export const address: FuzzSource = {
  name: "address",
  share: 10,
  async open() {
    const bytes = addresses.map((text) => new TextEncoder().encode(text));
    return {
      codes: ["unknown-model"],
      sound: addresses.map(alone),
      mutate: (draw) => {
        const text = draw.pick(addresses);
        const at = draw.prng.below(text.length + 1);
        if (draw.oneIn(3)) return alone(damageBytes(draw.pick(bytes), draw, undefined, bytes));
        return alone(
          text.slice(0, at) + draw.pick([...awkwardTexts, "%", "%00", "%2e%2e", "/", "..", "?", "#", "@", "://"]) + text.slice(at),
        );
      },
      read: (input) => parseRepositoryId(textOf(input)),
      check: (_, read) => (/^\w[\w.-]*(?:\/\w[\w.-]*)?$/.test((read as { id: string }).id) ? undefined : (read as { id: string }).id),
    };
  },
};

export const recording: FuzzSource = {
  name: "recording",
  share: 6,
  async open() {
    const tree = treeOf(recordedRun);
    return {
      codes: ["bad-recording"],
      sound: [alone(JSON.stringify(recordedRun))],
      mutate: (draw) => alone(writeTree(mutateTree(tree, draw))),
      read(input) {
        const text = textOf(input);
        // The page takes it as an answer's JSON: what is none never gets here.
        try {
          JSON.parse(text);
        } catch {
          throw new EngineError("bad-recording", "Got no JSON.", "Write it anew.");
        }
        return readRecording(JSON.parse(text));
      },
      check(_, read) {
        const { prompts } = read as Recording;
        if (prompts.map(({ kind }) => kind).join() !== promptKinds.join()) return "other prompts";
        for (const { before, after } of prompts)
          for (const { trace, tokens } of [before, after]) {
            const { rows } = traceOf(trace);
            if (rows.picked.length !== rows.tokens * rows.layers.length * rows.experts) return "rows of another size";
            if (tokens.some(({ row }) => rowsOf(row).probabilities.some((share) => !(share >= 0 && share <= 1))))
              return "shares that are none";
          }
        return undefined;
      },
    };
  },
};
