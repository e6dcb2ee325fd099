// What the page's browser is told to refuse: one list for the page's own <meta> and for every answer of the preview server.
// docs/security.md has the reason of each line.

/** Named in src/lib/ownScript.ts. */
const SCRIPT_POLICY = "own-scripts";

/** @type {readonly (readonly [directive: string, ...values: string[]])[]} */
const directives = [
  ["default-src", "'none'"],
  ["script-src", "'self'", "'wasm-unsafe-eval'"],
  ["worker-src", "'self'"],
  // People load models from servers of their own.
  ["connect-src", "'self'", "https:", "http://localhost:*", "http://127.0.0.1:*"],
  ["style-src", "'self'"],
  ["img-src", "'self'", "data:", "blob:"],
  ["manifest-src", "'self'"],
  ["base-uri", "'none'"],
  ["object-src", "'none'"],
  ["form-action", "'none'"],
  ["require-trusted-types-for", "'script'"],
  ["trusted-types", SCRIPT_POLICY],
];

/** @param {readonly (readonly string[])[]} list */
const written = (list) => list.map((line) => line.join(" ")).join("; ");

/** For <meta>, where browsers take no frame-ancestors. */
export const metaPolicy = written(directives);

/** For every answer of a server, scripts of workers above all: a worker obeys what came with its own script. */
export const securityHeaders = Object.freeze({
  "Content-Security-Policy": written([...directives, ["frame-ancestors", "'none'"]]),
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Permissions-Policy":
    "accelerometer=(), autoplay=(), camera=(), display-capture=(), encrypted-media=(), geolocation=(), gyroscope=(), hid=(), " +
    "magnetometer=(), microphone=(), midi=(), payment=(), publickey-credentials-get=(), serial=(), usb=(), xr-spatial-tracking=()",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
});
