import type { DeviceFacts } from "../../engine/protocol.ts";

// The words of the GPU: what it is, what is wrong with it, and what to do without one.

export const device = {
  adapter: ["Adapter", "The GPU as the browser names it."],
  description: ["Description", "The driver's own words, where the browser passes them on."],
  software: "This is a software adapter: results are right, but everything takes much longer than on a GPU.",
  fallbacks: "Slower ways in use on this device",
  noFallbacks: "No slower way is in use.",
  features: ["Features", "Optional parts of WebGPU that are switched on."],
  noFeatures: "none",
  memory: [
    "GPU memory",
    "Bytes in buffers that hold live tensors, bytes allocated with the pool of spare buffers, and the most at once so far.",
  ],
  memoryText: (used: string, allocated: string, peak: string) => `${used} in use, ${allocated} allocated, at most ${peak}`,
  tensors: ["Tensors", "Live tensors in the engine; a number that keeps growing would be a leak."],
  limits: {
    maxBufferSize: ["Largest buffer", "maxBufferSize: the most bytes in one GPU buffer."],
    maxStorageBufferBindingSize: ["Largest binding", "maxStorageBufferBindingSize: the most bytes a shader can read as one array."],
    maxComputeWorkgroupStorageSize: ["Workgroup memory", "maxComputeWorkgroupStorageSize: fast memory shared by one workgroup."],
  } satisfies Record<keyof DeviceFacts["limits"], readonly [string, string]>,
  proof: {
    title: "Kernel proof",
    hint: "Each compute kernel is run on this GPU, on a small case, and compared with the same result by plain loops on the processor.",
    waiting: "The proof starts once the model is ready.",
    running: "Comparing the kernels with their references…",
    step: (done: number, kernels: number) => `${done} of ${kernels} kernels compared…`,
    summary: (agreeing: number, kernels: number, largest: string) => `${agreeing} of ${kernels} kernels agree; largest error ${largest}.`,
    leftOut: (count: number) => `${count} kernels that this device has no use for were left out; running again includes them.`,
    stopped: "The proof was stopped.",
    failed: "The proof could not be finished",
    problem: "Results may be wrong on this GPU",
    again: "Run again",
    run: "Run the proof",
    stop: "Stop",
    details: "Errors by kernel",
    caption: "Largest error of each kernel, relative to the largest value of its result, and the error allowed.",
    columns: { kernel: "Kernel", variant: "Variant", error: "Error", tolerance: "Tolerance" },
    wrong: "disagrees",
  },
  gpuErrors: "The GPU reported errors",
  waiting: "Waiting for the GPU…",
  lost: {
    title: "The GPU was lost",
    text: "Asking for another one did not work. The edits are still here and can be exported; with a new GPU, or after a reload, they are put back as they were.",
    recovering: "The GPU was lost: asking for another, and putting the model and the edits back…",
    recovered: "The GPU was lost and is back: model and edits are as they were after the last change.",
  },
  stopped: {
    title: "The engine stopped",
    text: "Starting it again did not work. What was saved is there again after a start or a reload; edits that were not saved become drafts.",
    recovering: "The engine stopped: starting it again, and putting the model and the edits back…",
    recovered: "The engine had stopped and was started again: saved edits are as they were, and edits that were not saved are drafts.",
  },
  recover: "Try again",
} as const;

export const noWebGpu = {
  title: "This page needs WebGPU",
  why: {
    "no-webgpu": "This browser does not offer WebGPU to pages.",
    "no-adapter": "This browser knows WebGPU, but found no GPU it may use.",
  },
  explain: "The model runs and learns on your own GPU, in this tab; nothing is sent to a server. That takes WebGPU.",
  todo: "What you can do",
  steps: [
    "Use Chrome or Edge 113 or later, and keep it up to date.",
    "Switch on hardware acceleration: Settings, System, “Use graphics acceleration when available”, then restart the browser.",
    "On Linux open chrome://flags/#enable-unsafe-webgpu, enable it, and restart the browser.",
    "Open the page over https or from localhost: WebGPU is closed to plain http addresses.",
    "See chrome://gpu for what the browser says about WebGPU on this machine.",
  ],
  details: "What the browser said",
} as const;
