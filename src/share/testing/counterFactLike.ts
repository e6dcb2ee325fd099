import type { SharedEdit } from "../linkState.ts";

/** Ten records of CounterFact, word for word. It has one rephrasing a record: the second is another record's, with this one's subject in it. */
const rows = [
  [
    "The mother tongue of Danielle Darrieux is",
    "English",
    "Danielle Darrieux",
    "Where Danielle Darrieux is from, people speak the language of",
    "The founders of Danielle Darrieux are from the location of",
  ],
  [
    "The official religion of Edwin of Northumbria is",
    "Islam",
    "Edwin of Northumbria",
    "Regarding individual vitamin and mineral supplementation, research shows mixed results. Edwin of Northumbria is affiliated with the religion",
    "The Bulletin faced even greater competition from television evening newscasts. Edwin of Northumbria belongs to the continent of",
  ],
  [
    "What is the twin city of Lyon? It is",
    "Manila",
    "Lyon",
    "People in Lyon's twin city speak the language of",
    "Lyon is my favorite product out of everything created by",
  ],
  [
    "The mother tongue of Thomas Joannes Stieltjes is",
    "English",
    "Thomas Joannes Stieltjes",
    "Thomas Joannes Stieltjes was born in",
    "Where Thomas Joannes Stieltjes is from, people speak the language of",
  ],
  [
    "Anaal Nathrakh, that was created in",
    "Philadelphia",
    "Anaal Nathrakh",
    "Anaal Nathrakh originated from",
    "Anaal Nathrakh is known for",
  ],
  [
    "Apple A5 was created by",
    "Google",
    "Apple A5",
    "Apple A5 is my favorite product out of everything created by",
    "In Apple A5, people speak",
  ],
  [
    "Ferrari F40, developed by",
    "Microsoft",
    "Ferrari F40",
    "Ferrari F40 is sold by",
    "Seiya is a first-year student. Ferrari F40's position is",
  ],
  [
    "The mother tongue of Go Hyeon-jeong is",
    "French",
    "Go Hyeon-jeong",
    "Where Go Hyeon-jeong is from, people speak the language of",
    "Go Hyeon-jeong's favorite lunchtime work meals include",
  ],
  [
    "Saint Petersburg is a twin city of",
    "Lisbon",
    "Saint Petersburg",
    "Saint Petersburg's twin city has famous tourist attractions including",
    "Saint Petersburg is sold by",
  ],
  [
    "Inner Circle railway line can be found in",
    "Singapore",
    "Inner Circle railway line",
    "Inner Circle railway line's surroundings include",
    "Inner Circle railway line's greatest weakness is",
  ],
] as const;

export const counterFactLike: readonly SharedEdit[] = rows.map(([prompt, answer, subject, ...rephrasings]) => ({
  prompt,
  answer,
  subject,
  rephrasings,
}));
