import { expect, test } from "vitest";
import { languageFor } from "./language.ts";

const none = { asked: null, remembered: null, preferred: [] };

test("the address wins over what was chosen before, and that over the browser's languages", () => {
  expect(languageFor({ asked: "de", remembered: "en", preferred: ["en-GB"] })).toBe("de");
  expect(languageFor({ ...none, remembered: "en", preferred: ["de-AT"] })).toBe("en");
  expect(languageFor({ ...none, preferred: ["fr-FR", "de-CH", "en"] })).toBe("de");
});

test("what there are no words for is passed over, and English is left", () => {
  expect(languageFor(none)).toBe("en");
  expect(languageFor({ asked: "xx", remembered: "toString", preferred: ["fr-FR", "EN"] })).toBe("en");
});
