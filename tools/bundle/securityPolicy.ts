/** The policy in the page itself, so that it holds on hosts that send no headers. */
import type { Plugin } from "vite";
import { metaPolicy } from "./policy.mjs";

const charset = '<meta charset="utf-8" />';

/**
 * Right after the encoding, before anything that loads: a policy holds from where it stands.
 * @throws Error where the page has no such place
 */
export function withPolicy(page: string): string {
  const parts = page.split(charset);
  const [before = "", after = ""] = parts;
  if (parts.length !== 2 || /<(?:script|link|style)\b/.test(before))
    throw new Error(`index.html: expected ${charset} once, before any script, link and style.`);
  const metas = [`<meta http-equiv="Content-Security-Policy" content="${metaPolicy}" />`, `<meta name="referrer" content="no-referrer" />`];
  return [before, charset, ...metas.map((meta) => `\n    ${meta}`), after].join("");
}

/** The development server is free of it: its reloading runs inline scripts. */
export function securityPolicy(): Plugin {
  return {
    name: "security-policy",
    apply: "build",
    transformIndexHtml: { order: "post", handler: withPolicy },
  };
}
