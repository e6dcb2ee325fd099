import { describe, expect, test } from "vitest";
import { createNameIndex, findName, hasName, nameOf, wordsOf } from "./names.ts";

describe("words of a text", () => {
  test.each([
    ["Côte d'Ivoire's capital is", ["Côte", "d", "Ivoire", "s", "capital", "is"]],
    ["HTTP 404, then .fr", ["HTTP", "404", "then", "fr"]],
    ["東京 is", ["東京", "is"]],
    ["…", []],
    ["Q: Which letter is B? A:", ["Which", "letter", "is", "B"]],
    ["PISA: a QA: test", ["PISA", "a", "QA", "test"]],
  ])("%s", (text, words) => expect(wordsOf(text)).toEqual(words));
});

describe("a name in a text", () => {
  test.each([
    ["The capital of France is", "France", true],
    ["the capital of france is", "France", true],
    ["The capital of Francestan is", "France", false],
    ["In formulas Fe stands for", "Fe", true],
    ["He said fe fi fo", "Fe", false],
    ["Ox is a word", "ox", true],
    ["The letter A is read as a word", "A", true],
    ["Once upon a time", "A", false],
    ["The currency of Equatorial Guinea is", "Equatorial Guinea", true],
    ["The currency of Guinea is", "Equatorial Guinea", false],
    ["People in Netherlands pay with", "the Netherlands", true],
  ])("%s has %s: %s", (text, subject, has) => expect(hasName(wordsOf(text), nameOf(subject))).toBe(has));
});

describe("what an edit is about", () => {
  test("its subject, where that stands in the prompt", () =>
    expect(findName(["The capital of the Netherlands is"], "the Netherlands")).toEqual(["Netherlands"]));
  test("what its phrasings share, where the subject does not", () =>
    expect(findName(["The capital of France is", "France's capital city is"], "Gaul")).toEqual(["France"]));
  test("a name rather than a relation of more words", () =>
    expect(findName(["The capital city of Fiji is", "In Fiji, the capital city is"])).toEqual(["Fiji"]));
  test("the longest shared run", () =>
    expect(findName(["The mayor of New York City is", "Who governs New York City? It is"])).toEqual(["New", "York", "City"]));
  test("of one phrasing the words with capitals", () =>
    expect(findName(["The mother tongue of Danielle Darrieux is"])).toEqual(["Danielle", "Darrieux"]));
  test("a text that begins with it", () => expect(findName(["Paris is a city in"])).toEqual(["Paris"]));
  test("nothing, where nothing is named", () => expect(findName(["The sky is"])).toEqual([]));
});

test("the index gives the edits whose names stand in a text, and those without", () => {
  const index = createNameIndex();
  index.add(1, ["France"]);
  index.add(2, ["New", "York"]);
  index.add(3, []);
  index.add(4, ["France"]);
  expect(index.candidates("The capital of France is")).toEqual([1, 3, 4]);
  expect(index.candidates("New things in York")).toEqual([3]);
  expect(index.candidates("new york is")).toEqual([2, 3]);
  expect(index.candidates("New York is")).toEqual([2, 3]);
  index.remove(1);
  index.remove(3);
  expect(index.candidates("The capital of France is")).toEqual([4]);
});
