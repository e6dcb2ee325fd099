// Versions against ranges such as ">=6.0.0 <6.0.12", as advisories write them.

/** @param {string} version @returns {{ numbers: number[], preview: string }} */
function parse(version) {
  const match = /^(\d+)\.(\d+)\.(\d+)(?:-([\w.-]+))?(?:\+[\w.-]+)?$/.exec(version);
  if (match === null) throw new Error(`Got the version ${JSON.stringify(version)}, expected one like 1.2.3.`);
  return { numbers: match.slice(1, 4).map(Number), preview: match[4] ?? "" };
}

/**
 * @param {string} left
 * @param {string} right
 * @returns {number} below 0 where left is the older; a preview is older than its release
 */
export function compareVersions(left, right) {
  const [a, b] = [parse(left), parse(right)];
  const at = a.numbers.findIndex((number, index) => number !== b.numbers[index]);
  if (at >= 0) return (a.numbers[at] ?? 0) - (b.numbers[at] ?? 0);
  if (a.preview === b.preview) return 0;
  if (a.preview === "" || b.preview === "") return a.preview === "" ? 1 : -1;
  return a.preview < b.preview ? -1 : 1;
}

/** @type {Readonly<Record<string, (order: number) => boolean>>} */
const holds = {
  "<": (order) => order < 0,
  "<=": (order) => order <= 0,
  ">": (order) => order > 0,
  ">=": (order) => order >= 0,
  "=": (order) => order === 0,
};

/** @param {string} version @param {string} range comparisons that must all hold, between blanks */
export function isWithin(version, range) {
  return range.split(" ").every((comparison) => {
    const [, sign = "", bound = ""] = /^([<>]=?|=)(.+)$/.exec(comparison) ?? [];
    const test = holds[sign];
    if (test === undefined) throw new Error(`Got the range ${JSON.stringify(range)}, expected comparisons such as ">=1.0.0 <1.2.3".`);
    return test(compareVersions(version, bound));
  });
}
