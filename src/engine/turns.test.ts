import { expect, test } from "vitest";
import { createTurns } from "./turns.ts";

test("turns are taken in the order of asking, whatever fails", async () => {
  const take = createTurns();
  const order: number[] = [];
  await Promise.all(
    [1, 2, 3].map(async (name) => {
      const turn = await take();
      await Promise.resolve();
      order.push(name);
      turn.end();
    }),
  );
  expect(order).toEqual([1, 2, 3]);
});

test("work aside lets those go first who asked meanwhile, and holds no turn", async () => {
  const take = createTurns();
  const order: string[] = [];
  const other = async (name: string): Promise<void> => {
    const turn = await take();
    order.push(name);
    turn.end();
  };
  const turn = await take();
  const early = other("early");
  await turn.aside(async () => {
    await other("meanwhile");
    order.push("aside");
  });
  const late = other("late");
  order.push("mine");
  turn.end();
  await Promise.all([early, late]);
  expect(order).toEqual(["early", "meanwhile", "aside", "mine", "late"]);
});

test("a fault aside leaves the turn in hand", async () => {
  const take = createTurns();
  const turn = await take();
  await expect(turn.aside(() => Promise.reject(new Error("planted")))).rejects.toThrow("planted");
  turn.end();
  (await take()).end();
});

test("work that outlives its turn takes no other", async () => {
  const take = createTurns();
  const turn = await take();
  let release = (): void => {};
  const zombie = turn.aside(() => new Promise<void>((resolve) => (release = resolve)));
  turn.end();
  (await take()).end();
  release();
  await zombie;
  await expect(turn.aside(async () => 1)).rejects.toMatchObject({ code: "cancelled" });
  (await take()).end();
});
