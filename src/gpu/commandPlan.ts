import { bindGroupOf, uniformsOf, type Dispatch } from "./dispatch.ts";
import { batchesOf, piecesOf } from "./submitBudget.ts";

/** Dispatches recorded once, bind groups and uniforms included, to be encoded again and again. */
export interface CommandPlan {
  readonly dispatches: number;
  /** Each encodes one pass, in order, and is as much as one submit may hold. */
  readonly batches: readonly ((encoder: GPUCommandEncoder) => void)[];
  dispose(): void;
}

/** Records dispatches. The buffers they bind must outlive the plan, unpooled; their contents are read at each run. */
export function recordPlan(device: GPUDevice, dispatches: readonly Dispatch[]): CommandPlan {
  const alignment = device.limits.minUniformBufferOffsetAlignment;
  const pieces = dispatches.flatMap((dispatch) =>
    piecesOf(dispatch.grid, dispatch.work).map((piece) => ({ ...piece, dispatch, uniforms: uniformsOf(dispatch, piece) })),
  );
  const place = (bytes: number): number => Math.ceil(bytes / alignment) * alignment;
  let size = 0;
  const placed = pieces.map((piece) => ({
    ...piece,
    offset: (size += place(piece.uniforms.byteLength)) - place(piece.uniforms.byteLength),
  }));
  const buffer = device.createBuffer({ size, usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST });
  const bytes = new Uint8Array(size);
  for (const { uniforms, offset } of placed) bytes.set(new Uint8Array(uniforms), offset);
  device.queue.writeBuffer(buffer, 0, bytes);
  const steps = placed.map(({ dispatch, uniforms, offset, grid, seconds }) => ({
    pipeline: dispatch.program.pipeline,
    group: bindGroupOf(device, dispatch, { buffer, offset, size: uniforms.byteLength }),
    grid,
    seconds,
  }));
  return {
    dispatches: steps.length,
    batches: batchesOf(steps).map((batch) => (encoder) => {
      const pass = encoder.beginComputePass();
      for (const { pipeline, group, grid } of batch) {
        pass.setPipeline(pipeline);
        pass.setBindGroup(0, group);
        pass.dispatchWorkgroups(...grid);
      }
      pass.end();
    }),
    dispose: () => buffer.destroy(),
  };
}

/** Encodes plans one after another; all but the last batch are submitted. @returns the encoder that holds the last, for what comes after it */
export function encodePlans(device: GPUDevice, plans: readonly CommandPlan[]): GPUCommandEncoder {
  let encoder = device.createCommandEncoder();
  for (const plan of plans) {
    for (const [i, encode] of plan.batches.entries()) {
      if (i > 0) {
        device.queue.submit([encoder.finish()]);
        encoder = device.createCommandEncoder();
      }
      encode(encoder);
    }
  }
  return encoder;
}
