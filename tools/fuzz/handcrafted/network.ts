/** Links, addresses and answers of servers made to do harm. */
import { alone, type Input } from "../target.ts";
import { answer, headersOf, repository, sealedLink } from "../targets/web.ts";
import { recordedRun } from "../targets/recordedRun.ts";
import type { Handcrafted } from "./handcrafted.ts";

type Fault = readonly [says: RegExp, text: () => string];

const deep = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);
const sealed = (text: string) => (): string => sealedLink(text);

const links: Readonly<Record<string, Fault>> = {
  "of-nothing": [/expected "#lab=1/, () => ""],
  "of-a-newer-page": [/its version is 2/, () => sealedLink("[]", "2")],
  "without-a-payload": [/ends too early/, () => "#lab=1."],
  "no-base64": [/base64url/, () => "#lab=1.<script>"],
  "of-40000-letters": [/got \d+ characters, expected at most/, () => `#lab=1.${"A".repeat(40_000)}`],
  "with-another-checksum": [
    /checksum/,
    () => sealedLink("[0,0,{},1,[]]").replace(/(?<=^#lab=1\.)./, (first) => (first === "A" ? "B" : "A")),
  ],
  "that-unpacks-to-20-mb": [/unpacks to more than/, sealed(`[0,0,{},1,[],{"p":"${" ".repeat(20_000_000)}"}]`)],
  "nested-deep": [/got no|got object/, sealed(`[0,0,{},${deep(20_000)},[]]`)],
  "with-a-prototype": [/not known here/, sealed('[0,0,{"__proto__":{"n":1}},1,[]]')],
  "to-a-model-above": [/the model's repository/, sealed('[["../x","main",0],0,{},1,[]]')],
  "to-an-address-for-a-model": [/the model's repository/, sealed('[["https://x.test/a","main",0],0,{},1,[]]')],
  "with-a-script-for-a-module": [/setting module/, sealed('[0,0,{"m":"<script>"},1,[]]')],
  "with-a-seed-past-all": [/the seed/, sealed("[0,0,{},1e999,[]]")],
  "with-201-edits": [/the edits/, sealed(`[0,0,{},1,[${Array.from({ length: 201 }, () => '["P","A"]').join()}]]`)],
};

const addresses: Readonly<Record<string, Fault>> = {
  "of-another-host": [/expected a repository/, () => "https://example.org/a/b"],
  "of-another-host-behind-an-at": [/expected a repository/, () => "https://huggingface.co@example.org/a/b"],
  "a-script": [/expected a repository/, () => "javascript:alert(1)"],
  "a-file": [/expected a repository/, () => "file:///etc/passwd"],
  "a-way-up": [/expected a repository/, () => "../../x"],
  "of-100000-letters": [/expected a repository/, () => `a/${"b".repeat(100_000)}`],
};

const described = (change: object) => (): string => JSON.stringify({ ...repository, ...change });
const withFile = (file: unknown) => described({ siblings: [file] });

const repositories: Readonly<Record<string, Fault>> = {
  "a-web-page": [/HTML page/, () => "<!doctype html><html>"],
  "no-json": [/no JSON/, () => "{"],
  "a-list": [/no object/, () => "[]"],
  "nested-deep": [/no list of|no commit/, () => `{"sha":"${repository.sha}","siblings":{"a":${deep(20_000)}}}`],
  "a-file-name-nested-deep": [/the file name object/, () => `{"sha":"${repository.sha}","siblings":[{"rfilename":${deep(20_000)}}]}`],
  "without-a-commit": [/no commit/, described({ sha: "main" })],
  "a-commit-that-is-a-path": [/no commit/, described({ sha: "../".repeat(13) })],
  "a-file-above": [/the file name/, withFile({ rfilename: "../model.safetensors", size: 1 })],
  "an-absolute-file": [/the file name/, withFile({ rfilename: "/etc/passwd", size: 1 })],
  "a-drive": [/the file name/, withFile({ rfilename: "C:x", size: 1 })],
  "a-zero-in-a-name": [/the file name/, withFile({ rfilename: "a\0b", size: 1 })],
  "a-half-of-a-pair-in-a-name": [/the file name/, withFile({ rfilename: "a\ud800", size: 1 })],
  "a-size-of-minus-1": [/no size of/, withFile({ rfilename: "x", size: -1 })],
  "a-size-past-all": [/no size of/, () => `{"sha":"${repository.sha}","siblings":[{"rfilename":"x","size":9007199254740993}]}`],
  "a-file-twice": [/twice/, described({ siblings: [repository.siblings[0], repository.siblings[0]] })],
  "30000-files": [
    /no list of at most/,
    described({ siblings: Array.from({ length: 30_000 }, (_, i) => ({ rfilename: `f${i}`, size: 1 })) }),
  ],
};

const answers: Readonly<Record<string, readonly [code: Handcrafted["code"], says: RegExp, fields: Readonly<Record<string, string>>]>> = {
  "of-other-bytes": ["fetch-failed", /got the range/, { "content-range": "bytes 0-99/1000" }],
  "of-more-bytes": ["fetch-failed", /got the range/, { "content-range": "bytes 100-200/1000" }],
  "of-bytes-in-reverse": ["fetch-failed", /got the range/, { "content-range": "bytes 100-50/1000" }],
  "of-another-file": ["file-changed", /a file of 999 bytes/, { "content-range": "bytes 100-199/999" }],
  "of-a-size-past-all": ["file-changed", /a file of/, { "content-range": `bytes 100-199/${"9".repeat(300)}` }],
  "without-numbers": ["fetch-failed", /got the range/, { "content-range": "bytes a-b/c" }],
  "of-several-ranges": ["fetch-failed", /several ranges/, { "content-type": "multipart/byteranges; boundary=x" }],
  "the-whole-of-another-file": ["file-changed", /bytes/, { status: "200", "content-length": "5" }],
  "not-found": ["fetch-failed", /404/, { status: "404" }],
};

const recorded = (change: object) => (): string => JSON.stringify({ ...recordedRun, ...change });

const recordings: Readonly<Record<string, Fault>> = {
  "of-another-format": [/format/, recorded({ format: "other" })],
  "of-a-format-nested-deep": [/format: got a list/, () => `{"format":${deep(20_000)}}`],
  "of-a-later-version": [/version: got 9/, recorded({ version: 9 })],
  "with-a-prototype-for-a-model": [
    /it\.model/,
    () => JSON.stringify({ ...recordedRun, model: 1 }).replace('"model":1', '"__proto__":{"model":{}}'),
  ],
  "without-prompts": [/prompts/, recorded({ prompts: [] })],
  "with-a-loss-that-is-null": [
    /lmLoss/,
    recorded({ edit: { ...recordedRun.edit, curve: [{ ...recordedRun.edit.curve[0], lmLoss: null }] } }),
  ],
};

const entriesOf = (target: string, code: Handcrafted["code"], faults: Readonly<Record<string, Fault>>): Handcrafted[] =>
  Object.entries(faults).map(([name, [says, text]]) => ({ target, name: `${target}-${name}`, code, says, input: () => alone(text()) }));

export const hostileNetwork: readonly Handcrafted[] = [
  ...entriesOf("link", "bad-link", links),
  ...entriesOf("address", "unknown-model", addresses),
  ...entriesOf("hub", "fetch-failed", repositories),
  ...Object.entries(answers).map(([name, [code, says, fields]]) => ({
    target: "range",
    name: `range-${name}`,
    code,
    says,
    input: (): Input => headersOf(new Map([...answer, ...Object.entries(fields)])),
  })),
  ...entriesOf("recording", "bad-recording", recordings),
];
