/** The page that measures what a frame of the heatmap costs in script; `npm run frames` opens it and plays its scenes. */
import "../../src/app/tokens.css";
import "../../src/app/base.css";
import "../../src/app/controls.css";
import { createElement } from "react";
import { createRoot } from "react-dom/client";
import type { EngineClient } from "../../src/engine/protocol.ts";
import { HeatmapView } from "../../src/panels/microscope/HeatmapView.tsx";
import { createLab, LabProvider } from "../../src/store/lab.ts";
import type { Lab } from "../../src/store/lab.ts";
import { patch } from "../../src/store/labStore.ts";
import { createScript, frameShape, pieceAt, rowAt, traceOf } from "./script.ts";

/** Milliseconds, frame by frame, by the clock. */
export interface FrameTimes {
  readonly script: readonly number[];
  /** From frame to frame. */
  readonly interval: readonly number[];
}

interface Scene {
  readonly name: string;
  /** Before each run, not counted. */
  prepare(frames: number): Promise<void>;
  act(frame: number): void;
}

declare global {
  interface Window {
    heatmapFrames: {
      readonly scenes: readonly string[];
      prepare(scene: number, frames: number): Promise<void>;
      run(scene: number, frames: number): Promise<FrameTimes>;
    };
  }
}

const silent: EngineClient = { call: () => new Promise(() => undefined), onNotice: () => () => undefined, close: () => undefined };

function openLab(): Lab {
  const lab = createLab(silent, (path) => path);
  patch(lab.store, "model", { status: "ready" });
  lab.frames.show(traceOf(frameShape.tokens, 0));
  const root = document.getElementById("root");
  if (!root) throw new Error("The page has no root.");
  createRoot(root).render(createElement(LabProvider, { value: lab }, createElement(HeatmapView)));
  return lab;
}

const script = createScript();
const lab = openLab();
const nextFrame = (): Promise<number> => new Promise((done) => script.unmeasured(done));

async function untilDrawn(): Promise<HTMLCanvasElement> {
  for (;;) {
    const canvas = document.querySelector<HTMLCanvasElement>(".heatmap-canvas");
    if (canvas && canvas.width >= 1) return canvas;
    await nextFrame();
  }
}

function press(canvas: HTMLCanvasElement, key: string): void {
  canvas.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
}

/** One act a frame: what it costs itself, what React does after it, and what is drawn for it. */
async function run({ act }: Scene, frames: number): Promise<FrameTimes> {
  const costs: number[] = [];
  const interval: number[] = [];
  let last = await nextFrame();
  for (let frame = 0; frame < frames; frame++) {
    const begun = performance.now();
    act(frame);
    // React writes discrete events and outer stores in a microtask.
    await Promise.resolve();
    const acted = performance.now() - begun;
    const now = await nextFrame();
    costs.push(acted + script.take());
    interval.push(now - last);
    last = now;
  }
  return { script: costs, interval };
}

const { tokens } = frameShape;
const texts = [traceOf(tokens, 1), traceOf(tokens, 2)] as const;

/** Makes the whole text fit the width, or not. */
async function setWhole(whole: boolean): Promise<void> {
  const box = document.querySelector<HTMLInputElement>("input[type=checkbox]");
  if (box && box.checked !== whole) box.click();
  await nextFrame();
  await nextFrame();
}

const scenesOf = (canvas: HTMLCanvasElement, whole: boolean): Scene[] => {
  const name = (what: string): string => `${whole ? "whole text in sight" : "with labels"}: ${what}`;
  const show = async (trace: (typeof texts)[0]): Promise<void> => {
    await setWhole(whole);
    lab.frames.show(trace);
    await nextFrame();
  };
  return [
    {
      name: name("a column more, as while generating"),
      prepare: (frames) => show(traceOf(tokens - frames, 0)),
      act: (frame) => lab.frames.append(pieceAt(frame), rowAt(frame)),
    },
    {
      name: name("all tokens anew, as while typing"),
      prepare: () => show(texts[0]),
      act: (frame) => lab.frames.show(texts[frame % 2 === 0 ? 1 : 0]),
    },
    {
      name: name("a step of the cursor"),
      async prepare() {
        await show(texts[0]);
        canvas.focus();
        press(canvas, "Home");
      },
      act: (frame) => press(canvas, frame % 7 === 6 ? "ArrowDown" : "ArrowRight"),
    },
  ];
};

const ready = untilDrawn().then((canvas) => [...scenesOf(canvas, false), ...scenesOf(canvas, true)]);
const sceneAt = async (scene: number): Promise<Scene> => {
  const found = (await ready)[scene];
  if (!found) throw new Error(`There is no scene ${scene}.`);
  return found;
};

window.heatmapFrames = {
  scenes: (await ready).map(({ name }) => name),
  prepare: async (scene, frames) => (await sceneAt(scene)).prepare(frames),
  run: async (scene, frames) => run(await sceneAt(scene), frames),
};
