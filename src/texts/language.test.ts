import { expect, test } from "vitest";
import { languageFor } from "./language.ts";

const none = { asked: null, remembered: null, preferred: [] };

test("the address wins over what was chosen before, and that over the browser's languages", () => {
  expect(languageFor(none)).toBe("en");
  expect(languageFor({ ...none, preferred: ["fr-FR", "en-GB"] })).toBe("en");
  expect(languageFor({ asked: "xx", remembered: "toString", preferred: ["EN"] })).toBe("en");
});
