/** The page that measures what a frame of the heatmap costs in script; `npm run frames` opens it and calls `measureFrames`. */
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

/** Script of each frame, in milliseconds. */
export interface FrameCosts {
  readonly scene: string;
  readonly script: readonly number[];
  /** From frame to frame. */
  readonly interval: readonly number[];
}

declare global {
  interface Window {
    measureFrames: (frames: number) => Promise<FrameCosts[]>;
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
async function scene(name: string, frames: number, act: (frame: number) => void): Promise<FrameCosts> {
  const costs: number[] = [];
  const interval: number[] = [];
  let last = await nextFrame();
  // The first frames compile what follows.
  for (let frame = -20; frame < frames; frame++) {
    const begun = performance.now();
    act(frame + 20);
    // React writes discrete events and outer stores in a microtask.
    await Promise.resolve();
    const acted = performance.now() - begun;
    const now = await nextFrame();
    const drawn = script.take();
    if (frame >= 0) {
      costs.push(acted + drawn);
      interval.push(now - last);
    }
    last = now;
  }
  return { scene: name, script: costs, interval };
}

window.measureFrames = async (frames) => {
  const canvas = await untilDrawn();
  const { tokens } = frameShape;
  const generating = async (name: string): Promise<FrameCosts> => {
    lab.frames.show(traceOf(tokens - frames - 20, 0));
    await nextFrame();
    return scene(name, frames, (frame) => lab.frames.append(pieceAt(frame), rowAt(frame)));
  };
  const walking = async (name: string): Promise<FrameCosts> => {
    canvas.focus();
    return scene(name, frames, (frame) => press(canvas, frame % 7 === 6 ? "ArrowDown" : "ArrowRight"));
  };
  const anew = [traceOf(tokens, 1), traceOf(tokens, 2)] as const;
  const typing = (name: string): Promise<FrameCosts> => scene(name, frames, (frame) => lab.frames.show(anew[frame % 2 === 0 ? 0 : 1]));
  const all = [
    await generating("generating: a column more"),
    await typing("typing: all tokens anew"),
    await walking("walking: arrow keys"),
  ];
  document.querySelector<HTMLInputElement>("input[type=checkbox]")?.click();
  await nextFrame();
  return [
    ...all,
    await generating("whole text in sight: a column more"),
    await typing("whole text in sight: all tokens anew"),
    await walking("whole text in sight: arrow keys"),
  ];
};
