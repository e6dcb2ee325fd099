/** Addresses of scripts that may be started: those of this build. Where browsers know Trusted Types they accept no others. */
import { EngineError } from "./errors.ts";

interface ScriptPolicy {
  createScriptURL(address: string): unknown;
}
interface PolicyFactory {
  createPolicy(name: string, rules: { readonly createScriptURL: (address: string) => string }): ScriptPolicy;
}

/** This module lies one folder below the build's root, in a build as in the sources. */
const root = new URL(/* @vite-ignore */ "../", import.meta.url).href;

/** @throws EngineError `worker-failed` for an address outside this build */
function checkedScript(address: string): string {
  const { href } = new URL(address, root);
  if (href.startsWith(root)) return href;
  throw new EngineError(
    "worker-failed",
    `Got the script ${href.slice(0, 200)}, expected one below ${root}.`,
    "Reload the page; report it if it stays.",
  );
}

const { trustedTypes } = globalThis as { readonly trustedTypes?: PolicyFactory };
// The one policy that the page's headers allow (tools/bundle/policy.mjs).
const policy: ScriptPolicy = trustedTypes?.createPolicy("own-scripts", { createScriptURL: checkedScript }) ?? {
  createScriptURL: checkedScript,
};

/** What `new Worker` and `serviceWorker.register` take: a TrustedScriptURL, or where browsers have none, its text. */
export const ownScript = (address: string): string => policy.createScriptURL(address) as string;
