import eightSums from "../../shaders/eight_sums.wgsl?raw";
import eightSumsSubgroups from "../../shaders/eight_sums_subgroups.wgsl?raw";
import rowSum from "../../shaders/row_sum.wgsl?raw";
import rowSumSubgroups from "../../shaders/row_sum_subgroups.wgsl?raw";

/** One source over both ways to sum over a workgroup of 64: `sumAll(thread, value)`. Spread it into a kernel's declaration. */
export const withRowSum = (shader: string) => ({
  shader: `${rowSum}\n${shader}`,
  variants: { subgroups: `${rowSumSubgroups}\n${shader}` },
});

/** One source over both ways to get eight sums over a workgroup of 128: `sumOfEight(thread, low, high)`. */
export const withEightSums = (...pieces: string[]) => ({
  shader: [eightSums, ...pieces].join("\n"),
  variants: { subgroups: [eightSumsSubgroups, ...pieces].join("\n") },
});
