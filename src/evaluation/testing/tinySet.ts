/** A small set of edits for tests: made-up facts in the words of the tiny tokenizer. */
import type { EditRecord, EditSet } from "../editSet.ts";

const PLACES = ["France", "Germany", "Italy", "Spain", "Poland", "Norway", "Greece", "Peru", "Chile", "Japan", "Kenya", "Egypt"];
const ANSWERS = ["Paris", "Berlin", "the world", "Germany", "France", "cities"];

const record = (place: string, i: number): EditRecord => ({
  id: `capital/${place}`,
  prompt: `The capital of ${place} is`,
  answer: ANSWERS[i % ANSWERS.length] ?? "",
  subject: place,
  rephrasings: [`${place} has the capital`],
  heldOut: [`The capital city of ${place} is`],
  locality: [
    { prompt: `The cities of ${place} are`, kind: "same subject" },
    { prompt: `The capital of ${PLACES[(i + 1) % PLACES.length]} City is`, kind: "same relation" },
    { prompt: `It is ${i} or`, kind: "far" },
  ],
});

export const tinySet: EditSet = {
  name: "Tiny facts",
  records: PLACES.map(record),
  prose: ["It isn't 1,234 or 56 cities; they're all in the world.", "The capital is in the world. It is Paris.", "cities in the world"],
};
