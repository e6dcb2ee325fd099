import rowSum from "../../shaders/row_sum.wgsl?raw";
import rowSumSubgroups from "../../shaders/row_sum_subgroups.wgsl?raw";

/** One source over both ways to sum over a workgroup of 64: `sumAll(thread, value)`. Spread it into a kernel's declaration. */
export const withRowSum = (shader: string) => ({
  shader: `${rowSum}\n${shader}`,
  variants: { subgroups: `${rowSumSubgroups}\n${shader}` },
});
