import { expect, test } from "vitest";
import { assemble } from "./assemble.ts";

const parts = () => {
  const gone: string[] = [];
  return { gone, part: (name: string) => ({ name, dispose: () => void gone.push(name) }) };
};

test("parts go together, the last first, once", () => {
  const { gone, part } = parts();
  const { made, dispose } = assemble((own) => own(part("a")).name + own(part("b")).name);
  expect(made).toBe("ab");
  expect(gone).toEqual([]);
  dispose();
  dispose();
  expect(gone).toEqual(["b", "a"]);
});

test("half of it is given back", () => {
  const { gone, part } = parts();
  const make = () =>
    assemble((own) => {
      own(part("a"));
      throw new Error("no more");
    });
  expect(make).toThrow("no more");
  expect(gone).toEqual(["a"]);
});
