import directShader from "../../shaders/shrink_picked_direct.wgsl?raw";
import noExperts from "../../shaders/experts_none.wgsl?raw";
import shader from "../../shaders/shrink_picked.wgsl?raw";
import { defineKernel, f32, f32x4, i32, type Kernel, type KernelSpec, type Sizes } from "../gpu/defineKernel.ts";
import { avoidsBarriers } from "../gpu/tensors.ts";
import { chooseKernel } from "./chooseKernel.ts";
import { withRows } from "./linearDirect.ts";
import { withRowSum } from "./rowSum.ts";

type Spec = KernelSpec<"x" | "a" | "picked", "M">;

/** Picked ranks M of K experts, among R ranks in all. */
export const wholeExperts = ({ M = 0, K = 1, R = 0 }: Sizes): string | undefined =>
  K > 0 && M % K === 0 && R % (M / K) === 0 ? undefined : `${M} picked ranks of ${K} experts, ${R} ranks in all: not whole`;

const reference: Spec["reference"] = ({ x, a, picked }, { M = 0, K = 1, I = 0 }) =>
  Float32Array.from({ length: M }, (_, m) => {
    const row = (picked[Math.floor(m / (M / K))] ?? 0) * (M / K) + (m % (M / K));
    let sum = 0;
    for (let i = 0; i < I; i++) sum += (x[i] ?? 0) * (a[row * I + i] ?? 0);
    return sum;
  });

const shrinkRows = defineKernel({
  name: "ShrinkPicked",
  ...withRowSum(shader),
  inputs: { x: f32("I"), a: f32("R", "I"), picked: i32("K") },
  output: f32("M"),
  uniforms: { M: "i32" },
  workgroup: 64,
  dispatch: ({ M = 0 }) => [M, 1, 1],
  flops: ({ M = 0, I = 0 }) => 2 * M * I,
  check: wholeExperts,
  reference,
});

const shrinkDirect = defineKernel({
  name: "ShrinkPicked/direct",
  ...withRows(noExperts, directShader),
  inputs: { x: f32x4("I"), a: f32x4("R", "I"), picked: i32("K") },
  output: f32("M"),
  uniforms: { M: "i32" },
  workgroup: 4,
  dispatch: ({ M = 0 }) => [Math.ceil(M / 4), 1, 1],
  flops: ({ M = 0, I = 0 }) => 2 * M * I,
  check: (sizes) => wholeExperts(sizes) ?? ((sizes["I"] ?? 0) % 16 === 0 ? undefined : `${sizes["I"]} inputs are no multiple of 16`),
  reference,
});

export const shrinkKernels: readonly Kernel<"x" | "a" | "picked", "M">[] = [shrinkRows, shrinkDirect];

/** P (M) of the picked experts alone, M = K * rank, ungated. */
export const shrinkPicked: Kernel<"x" | "a" | "picked", "M"> = chooseKernel(shrinkRows, ({ x }) =>
  avoidsBarriers() && x.size % 16 === 0 ? shrinkDirect : shrinkRows,
);
