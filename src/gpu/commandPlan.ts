import { bindGroupOf, type Dispatch } from "./dispatch.ts";

/** Dispatches recorded once, bind groups and uniforms included, to be encoded again and again. */
export interface CommandPlan {
  readonly dispatches: number;
  /** Encodes all of them in one pass, in order. */
  encode(encoder: GPUCommandEncoder): void;
  dispose(): void;
}

/** Records dispatches. The buffers they bind must outlive the plan, unpooled; their contents are read at each run. */
export function recordPlan(device: GPUDevice, dispatches: readonly Dispatch[]): CommandPlan {
  const alignment = device.limits.minUniformBufferOffsetAlignment;
  const place = (bytes: number): number => Math.ceil(bytes / alignment) * alignment;
  let size = 0;
  const offsets = dispatches.map(({ uniforms }) => (size += place(uniforms.byteLength)) - place(uniforms.byteLength));
  const buffer = device.createBuffer({ size, usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST });
  const bytes = new Uint8Array(size);
  dispatches.forEach(({ uniforms }, i) => bytes.set(new Uint8Array(uniforms), offsets[i]));
  device.queue.writeBuffer(buffer, 0, bytes);
  const steps = dispatches.map((dispatch, i) => ({
    pipeline: dispatch.program.pipeline,
    group: bindGroupOf(device, dispatch, { buffer, offset: offsets[i] ?? 0, size: dispatch.uniforms.byteLength }),
    grid: dispatch.grid,
  }));
  return {
    dispatches: steps.length,
    encode(encoder) {
      const pass = encoder.beginComputePass();
      for (const { pipeline, group, grid } of steps) {
        pass.setPipeline(pipeline);
        pass.setBindGroup(0, group);
        pass.dispatchWorkgroups(...grid);
      }
      pass.end();
    },
    dispose: () => buffer.destroy(),
  };
}
