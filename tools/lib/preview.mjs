import { preview } from "vite";
import { securityHeaders } from "../bundle/policy.mjs";
import { root } from "./commands.mjs";

/**
 * Vite's own option leaves out what is not there.
 * @param {Readonly<Record<string, string>>} headers
 * @returns {import("vite").Plugin}
 */
const everywhere = (headers) => ({
  name: "headers-everywhere",
  configurePreviewServer: ({ middlewares }) => {
    middlewares.use((_, response, next) => {
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
      next();
    });
  },
});

/**
 * Serves dist on this machine only, as a plain static host would, with the headers of docs/security.md: what is not there is a 404, not the page.
 * @param {number} port of first choice; the next free one is taken; 0 takes any
 * @param {string} base path it is served under, e.g. "/" or "/some/path/"
 * @param {Readonly<Record<string, string>>} headers of every answer
 */
export async function servePreview(port, base, headers = securityHeaders) {
  const server = await preview({
    root,
    base,
    appType: "mpa",
    logLevel: "silent",
    plugins: [everywhere(headers)],
    preview: { host: "127.0.0.1", port, strictPort: false, open: false },
  });
  const address = server.resolvedUrls?.local[0];
  if (address === undefined) throw new Error("The preview server gave no address.");
  return { address, close: () => server.close() };
}
