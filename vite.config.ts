import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// `base: "./"`: the build is plain static files that work under any path.
export default defineConfig({
  base: "./",
  plugins: [react()],
  worker: { format: "es" },
  build: { target: "es2023", chunkSizeWarningLimit: 2500, rolldownOptions: { checks: { pluginTimings: false } } },
  test: {
    server: { deps: { inline: [/@tensorflow/] } },
    projects: [
      {
        extends: true,
        test: { name: "unit", include: ["src/**/*.test.ts", "src/**/*.test.tsx", "tools/**/*.test.ts"], exclude: ["**/*.gpu.test.ts"] },
      },
      {
        extends: true,
        // One process, one file at a time: the software adapter already uses every core.
        test: {
          name: "gpu",
          include: ["src/**/*.gpu.test.ts", "tools/**/*.gpu.test.ts"],
          setupFiles: ["tools/testing/dawn.ts"],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
