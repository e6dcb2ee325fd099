import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { keptFiles, SERVICE_WORKER } from "./tools/bundle/keptFiles.ts";
import { securityPolicy } from "./tools/bundle/securityPolicy.ts";

// `base: "./"`: the build is plain static files that work under any path.
export default defineConfig({
  base: "./",
  plugins: [react(), securityPolicy(), keptFiles()],
  worker: { format: "es" },
  build: {
    target: "es2023",
    chunkSizeWarningLimit: 2500,
    rolldownOptions: {
      checks: { pluginTimings: false },
      input: { index: "index.html", serviceWorker: "src/app/offline/serviceWorker.ts" },
      // A service worker's address stays the same from version to version.
      output: { entryFileNames: ({ name }) => (name === "serviceWorker" ? SERVICE_WORKER : "assets/[name]-[hash].js") },
    },
  },
  test: {
    server: { deps: { inline: [/@tensorflow/] } },
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["src/**/*.test.ts", "src/**/*.test.tsx", "tools/**/*.test.ts"],
          exclude: ["**/*.gpu.test.ts"],
          // Ends what hangs; on a machine that does other things as well, scripts of a hundred requests take their time.
          testTimeout: 60_000,
        },
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
