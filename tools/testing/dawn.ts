// Vitest's set-up file for *.gpu.test.ts, and the first import of every command-line program.
import { installAskedWebGpu } from "../lib/dawn.ts";

await installAskedWebGpu();
