// Serves a folder of plain static files, as any web host would. Node's own modules only.
import { createReadStream, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize, sep } from "node:path";

/** @type {Record<string, string>} */
const types = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".wasm": "application/wasm",
  ".md": "text/markdown; charset=utf-8",
};

/**
 * @param {string} folder
 * @param {string} path of the request, decoded, below the base
 * @returns {{ file: string, size: number } | undefined}
 */
function fileFor(folder, path) {
  const file = normalize(join(folder, path.endsWith("/") ? `${path}index.html` : path));
  if (!file.startsWith(normalize(folder + sep))) return undefined;
  const facts = statSync(file, { throwIfNoEntry: false });
  return facts?.isFile() ? { file, size: facts.size } : undefined;
}

/**
 * @param {string} folder
 * @param {string} base path that the folder is served under, e.g. "/" or "/some/path/"
 */
export function staticServer(folder, base = "/") {
  return createServer((request, response) => {
    let path = "";
    try {
      path = decodeURIComponent(new URL(request.url ?? "/", "http://host").pathname);
    } catch {
      // Not decodable: no such file.
    }
    const found = path.startsWith(base) ? fileFor(folder, path.slice(base.length - 1)) : undefined;
    if (found === undefined) {
      response.writeHead(404, { "content-type": "text/plain; charset=utf-8" }).end("Not found.\n");
      return;
    }
    response.writeHead(200, {
      "content-type": types[extname(found.file)] ?? "application/octet-stream",
      "content-length": found.size,
      // Asked again each time: a new build must show at once.
      "cache-control": "no-cache",
    });
    if (request.method === "HEAD") response.end();
    else
      createReadStream(found.file)
        .on("error", () => response.destroy())
        .pipe(response);
  });
}

/**
 * Listens on this machine only, on `port` or the next free one; 0 takes any.
 * @param {import("node:http").Server} server
 * @param {number} port
 * @returns {Promise<number>} the port taken
 */
export function listen(server, port, last = port + 50) {
  return new Promise((resolve, reject) => {
    server.once("error", (/** @type {NodeJS.ErrnoException} */ error) => {
      if (error.code === "EADDRINUSE" && port < last) resolve(listen(server, port + 1, last));
      else reject(error);
    });
    server.listen(port, "127.0.0.1", () => {
      server.removeAllListeners("error");
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}
