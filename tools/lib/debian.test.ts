import { describe, expect, test } from "vitest";
import { findRelease, parseDeb822, parseList } from "./debian.mjs";

const deb822 = `Types: deb
# a comment among the fields
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main contrib
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: http://mirror.example/debian-security
Suites: bookworm-security
Components: main
`;

const list = `# deb http://old.example/debian bookworm main
deb-src http://mirror.example/debian bookworm main
deb [arch=amd64 signed-by=/etc/apt/keyrings/own.gpg] http://mirror.example/debian bookworm main contrib # ours
deb http://mirror.example/debian bookworm-updates main
`;

describe("the source of backports", () => {
  test("follows the release's deb822 entry, options included", () => {
    expect(findRelease(parseDeb822(deb822), "bookworm")?.write("bookworm-backports")).toBe(`Types: deb
URIs: http://mirror.example/debian
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
Suites: bookworm-backports
Components: main
`);
  });

  test("follows the release's line in sources.list, options included", () => {
    expect(findRelease(parseList(list), "bookworm")?.write("bookworm-backports")).toBe(
      "deb [arch=amd64 signed-by=/etc/apt/keyrings/own.gpg] http://mirror.example/debian bookworm-backports main\n",
    );
  });

  test("is the distribution's, not another vendor's of the same suite", () => {
    const vendor = parseList("deb http://vendor.example/apt bookworm main\n");
    expect(findRelease([...vendor, ...parseDeb822(deb822)], "bookworm")?.write("x")).toContain("mirror.example");
  });

  test("keeps a key that is written into the entry", () => {
    const key = "Signed-By:\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n abc";
    const [source] = parseDeb822(`Types: deb\nURIs: http://mirror.example/debian\nSuites: bookworm\nComponents: main\n${key}\n`);
    expect(source?.write("bookworm-backports")).toContain(`${key}\n`);
  });
});

test("entries that are there are seen, turned off ones and sources of packages are not", () => {
  const backports = parseDeb822("Types: deb deb-src\nURIs: http://mirror.example/debian\nSuites: bookworm-backports\nComponents: main\n");
  expect(backports.map(({ suites }) => suites)).toEqual([["bookworm-backports"]]);
  expect(parseDeb822(deb822.replaceAll("Types: deb", "Types: deb-src"))).toEqual([]);
  expect(parseDeb822(deb822.replaceAll("Types: deb", "Enabled: no\nTypes: deb"))).toEqual([]);
  expect(parseList(list).map(({ suites }) => suites[0])).toEqual(["bookworm", "bookworm-updates"]);
});

test("a machine without the release's source has none", () => {
  expect(findRelease(parseDeb822(deb822), "trixie")).toBeUndefined();
});
