/** Sets of edits and projects made to do harm. */
import { commitRecord, headerRecord } from "../../../src/keeping/content.ts";
import type { LogRecord } from "../../../src/keeping/record.ts";
import { impostors } from "../../../src/weights/testing/malformedBase.ts";
import type { Input } from "../target.ts";
import { alone } from "../target.ts";
import { logOf, schema } from "../targets/keeping.ts";
import type { Handcrafted } from "./handcrafted.ts";

const utf8 = new TextEncoder();
const file = (name: string, content: string | Uint8Array): Input =>
  new Map([[name, typeof content === "string" ? utf8.encode(content) : content]]);
const deep = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);

type Fault = readonly [says: RegExp, input: () => Input];

const edits: Readonly<Record<string, Fault>> = {
  "of-no-bytes": [/expected JSON or a CSV header/, () => file("a.csv", "")],
  "a-pickle": [/expected/, () => file("a.json", impostors["a-pickle"] ?? "")],
  "a-zip": [/zip archive/, () => file("a.csv", impostors["a-zip"] ?? "")],
  "a-web-page": [/HTML page/, () => file("a.json", impostors["a-web-page"] ?? "")],
  "an-lfs-pointer": [/LFS pointer/, () => file("a.json", impostors["an-lfs-pointer"] ?? "")],
  "with-zeros": [/NUL characters/, () => file("a.csv", "prompt,answer\0\na,b")],
  "cut-short": [/broken JSON/, () => file("a.json", '[{"prompt":"a","answer":"b"}')],
  "nested-deep": [/nested too deep/, () => file("a.json", deep(100_000))],
  "a-key-twice": [/duplicate JSON key/, () => file("a.json", '[{"prompt":"a","answer":"b","answer":"c"}]')],
  "with-proto": [/forbidden JSON key/, () => file("a.json", '[{"__proto__":{"prompt":"a","answer":"b"}}]')],
  "an-id-past-all": [/cannot be held exactly/, () => file("a.json", '[{"id":9007199254740993,"prompt":"a","answer":"b"}]')],
  "of-no-layout": [/no known layout/, () => file("a.json", '[{"a":1}]')],
  "a-list-of-lists": [/no known layout/, () => file("a.json", "[[[]]]")],
  "a-csv-without-its-columns": [/expected JSON or a CSV header/, () => file("a.csv", "question,reply\na,b")],
  "a-csv-of-one-cell-of-1-mb": [/expected JSON or a CSV header/, () => file("a.csv", "x".repeat(2 ** 20))],
  "a-csv-with-a-cell-of-1-mb": [/no known layout/, () => file("a.csv", `prompt,answer\n"${"x".repeat(2 ** 20)}",b`)],
  "a-csv-of-open-quotes": [/no known layout/, () => file("a.csv", `prompt,answer\n${'"'.repeat(99_999)}`)],
  "a-csv-with-100000-columns": [/no known layout/, () => file("a.csv", `prompt,answer\n${",".repeat(100_000)}`)],
  "rome-without-a-place": [
    /with "\{\}" for the subject|no row/,
    () => file("a.json", '[{"requested_rewrite":{"prompt":"a","subject":"s","target_new":{"str":"b"}}}]'),
  ],
};

/** Records with right checksums, whatever is in them. */
const sealed = (...records: readonly LogRecord[]): Input =>
  alone(logOf(records.map((record, i) => ({ record, batch: 1, last: i === records.length - 1 }))));
const text = (kind: number, content: string): LogRecord => ({ kind, payload: utf8.encode(content) });
const header = headerRecord(schema);
const facts = (json: string): LogRecord => text(3, `{"time":1,"patch":[["set",[],{"facts":${json},"arrays":{}}]]}`);
const sound = commitRecord([["set", [], { facts: {}, arrays: {} }]], 1);

const projects: Readonly<Record<string, Fault>> = {
  "of-no-bytes": [/no project/, () => alone(new Uint8Array())],
  "a-web-page": [/no project/, () => alone(impostors["a-web-page"] ?? "")],
  "without-a-header": [/without a header/, () => sealed(sound)],
  "without-a-document": [/without a document/, () => sealed(header)],
  "a-header-that-is-no-json": [/no JSON/, () => sealed(text(1, "{"), sound)],
  "a-schema-of-0": [/number of its schema/, () => sealed(text(1, '{"schema":0}'), sound)],
  "a-schema-of-half": [/number of its schema/, () => sealed(text(1, '{"schema":1.5}'), sound)],
  "a-commit-no-utf-8": [/no JSON/, () => sealed(header, { kind: 3, payload: Uint8Array.of(0xff) })],
  "a-change-that-is-no-list": [/no list/, () => sealed(header, text(3, '{"patch":7}'))],
  "a-change-of-a-prototype": [/does not fit/, () => sealed(header, sound, text(3, '{"patch":[["set",["__proto__","x"],1]]}'))],
  "facts-with-proto": [/__proto__/, () => sealed(header, facts('{"__proto__":{"x":1}}'))],
  "facts-nested-deep": [/nested deeper than 64/, () => sealed(header, facts(deep(20_000)))],
  "a-step-nested-deep": [/does not fit/, () => sealed(header, text(3, `{"patch":[["set",${deep(20_000)},1]]}`))],
  "an-index-past-all": [
    /does not fit/,
    () => sealed(header, sound, text(3, '{"patch":[["set",["facts"],[]],["set",["facts",9007199254740991],1]]}')),
  ],
  "an-array-that-is-not-there": [
    /no array a/,
    () => sealed(header, text(3, '{"patch":[["set",[],{"facts":{},"arrays":{"a":["f32","00"]}}]]}')),
  ],
  "an-array-of-no-type": [
    /no array a/,
    () => sealed(header, text(3, '{"patch":[["set",[],{"facts":{},"arrays":{"a":["constructor","00"]}}]]}')),
  ],
  "an-array-cut-short": [
    /no array a/,
    () =>
      sealed(
        header,
        { kind: 2, payload: new Uint8Array(33) },
        text(3, `{"patch":[["set",[],{"facts":{},"arrays":{"a":["f32","${"00".repeat(32)}"]}}]]}`),
      ),
  ],
  "bytes-after-its-end": [/bytes after the project's end/, () => alone(Uint8Array.of(...(sealed(header, sound).get("") ?? []), 1, 2, 3))],
  "a-length-of-4-gb": [
    /no project/,
    () => alone((sealed(header, sound).get("") ?? new Uint8Array()).map((byte, at) => (at >= 16 && at < 20 ? 0xff : byte))),
  ],
};

const entriesOf = (target: string, code: Handcrafted["code"], faults: Readonly<Record<string, Fault>>): Handcrafted[] =>
  Object.entries(faults).map(([name, [says, input]]) => ({ target, name: `${target}-${name}`, code, says, input }));

export const hostileDocuments: readonly Handcrafted[] = [
  ...entriesOf("edits", "bad-edits", edits),
  ...entriesOf("project", "bad-project", projects),
  {
    target: "project",
    name: "project-of-a-later-schema",
    code: "newer-schema",
    says: /schema 99/,
    input: () => sealed(text(1, '{"schema":99}'), sound),
  },
];
