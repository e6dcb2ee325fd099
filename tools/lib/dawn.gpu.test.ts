import * as tf from "@tensorflow/tfjs";
import { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { expect, test } from "vitest";

test("TF.js multiplies matrices on our own device, headless", async () => {
  const adapter = await navigator.gpu.requestAdapter();
  if (adapter === null) throw new Error("No WebGPU adapter: on Linux install Chromium, whose software driver these tests use.");
  const device = await adapter.requestDevice();
  tf.removeBackend("webgpu");
  tf.registerBackend("webgpu", () => new WebGPUBackend(device, adapter.info));
  await tf.setBackend("webgpu");
  const product = await tf.matMul(tf.fill([64, 128], 0.5), tf.ones([128, 32])).data();
  expect(product).toEqual(new Float32Array(64 * 32).fill(64));
});
