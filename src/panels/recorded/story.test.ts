import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { heatmapDataOf } from "../routing/frameData.ts";
import { createPlayer } from "./player.ts";
import { readRecording } from "./readRecording.ts";
import { createRecordedLab, showModel, showMoment } from "./recordedLab.ts";
import { momentAt, scenesOf } from "./story.ts";
import type { Scene } from "./story.ts";

const recording = readRecording(JSON.parse(readFileSync(join(import.meta.dirname, "../../../public/recorded/atlas.json"), "utf8")));
const scenes = scenesOf(recording);
const sceneOf = (name: Scene["name"]): Scene => scenes.find((scene) => scene.name === name) ?? expect.fail(name);

test("the story asks, trains, and asks each prompt again", () => {
  expect(scenes.map(({ name }) => name)).toEqual(["ask", "train", "edited", "rephrased", "unrelated"]);
});

test("an answer grows token by token to what was recorded", () => {
  const scene = sceneOf("edited");
  const texts = Array.from({ length: scene.length + 1 }, (_, at) => momentAt(recording, scene, at).edited.text);
  expect(texts[0]).toBe("");
  expect(texts.at(-1)).toBe(scene.asked.after.text);
  for (const [at, text] of texts.entries()) expect(text.startsWith(texts[at - 1] ?? "")).toBe(true);
  expect(momentAt(recording, scene, 0)).toMatchObject({ edited: { status: "running" }, base: { status: "done" } });
  const { edited } = momentAt(recording, scene, scene.length);
  expect(edited).toMatchObject({ status: "done", scope: { inScope: true, nearestEdit: 1 }, tokensPerSecond: null, firstTokenMs: null });
  expect(edited.tokens[0]?.candidates.length).toBeGreaterThan(1);
});

test("the curve grows step by step, and the edit is there only when it is trained", () => {
  const scene = sceneOf("train");
  const half = momentAt(recording, scene, 4).edit;
  expect(half).toMatchObject({ status: "training", edits: [], latest: { step: 4 } });
  expect(half.curve).toHaveLength(4);
  expect(momentAt(recording, scene, scene.length).edit).toMatchObject({ status: "trained", lastEdit: 1 });
  expect(momentAt(recording, sceneOf("ask"), 1).edit).toMatchObject({ status: "idle", form: { answer: recording.edit.answer } });
});

test("panels of the recorded lab read what is on show, and can do nothing", async () => {
  const lab = createRecordedLab();
  showModel(lab, recording);
  const scene = sceneOf("unrelated");
  showMoment(lab, momentAt(recording, scene, scene.length));
  const frame = lab.frames.read() ?? expect.fail("no frame");
  const { pieces } = scene.asked.after.trace;
  expect(heatmapDataOf(frame, String)).toMatchObject({ columns: pieces.length + scene.length, emphasis: pieces.length - 1 });
  expect(lab.store.getState()).toMatchObject({
    answers: { base: { text: scene.asked.before.text }, edited: { text: scene.asked.after.text, scope: { inScope: false } } },
    routing: { status: "current", scope: { inScope: false } },
    model: { facts: { name: recording.model.name } },
  });
  const before = lab.store.getState();
  await lab.actions.generate();
  await lab.actions.train();
  expect(lab.store.getState()).toBe(before);
});

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("the player goes through all scenes once, rests at the end, and begins again when asked to", () => {
  const player = createPlayer(scenes);
  expect(player.read()).toEqual({ scene: 0, at: 0, playing: false, held: false });
  player.play();
  const seen = new Set<number>();
  player.subscribe(() => seen.add(player.read().scene));
  vi.runAllTimers();
  expect([...seen]).toEqual(scenes.map((_, scene) => scene));
  expect(player.read()).toEqual({ scene: 4, at: scenes[4]?.length, playing: false, held: false });
  player.play();
  expect(player.read()).toMatchObject({ scene: 0, at: 0, playing: true });
  player.close();
});

test("while nobody sees it the player stands still, and goes on where it was", () => {
  const player = createPlayer(scenes);
  player.play();
  vi.advanceTimersByTime(scenes[0]?.pace ?? 0);
  player.sleep(true);
  expect(vi.getTimerCount()).toBe(0);
  vi.advanceTimersByTime(100_000);
  expect(player.read()).toMatchObject({ scene: 0, at: 1, playing: true });
  player.sleep(false);
  vi.advanceTimersByTime(scenes[0]?.pace ?? 0);
  expect(player.read()).toMatchObject({ scene: 0, at: 2 });
  player.close();
  player.sleep(false);
  expect(vi.getTimerCount()).toBe(0);
});

test("a step shows the rest of a scene, then whole scenes, forwards and back; the person holds it from then on", () => {
  const player = createPlayer(scenes);
  player.play();
  vi.advanceTimersByTime(scenes[0]?.pace ?? 0);
  expect(player.read()).toMatchObject({ scene: 0, at: 1 });
  player.step(1);
  expect(player.read()).toEqual({ scene: 0, at: scenes[0]?.length, playing: false, held: true });
  player.step(1);
  player.step(1);
  expect(player.read()).toMatchObject({ scene: 2, at: scenes[2]?.length });
  player.step(-1);
  expect(player.read()).toMatchObject({ scene: 1, at: scenes[1]?.length });
  player.show(99);
  player.step(1);
  expect(player.read()).toMatchObject({ scene: 4, at: scenes[4]?.length });
  vi.runAllTimers();
  expect(player.read().playing).toBe(false);
});
