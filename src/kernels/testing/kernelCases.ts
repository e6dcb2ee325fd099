export { kernelCases, randomInputs } from "../kernelCases.ts";
