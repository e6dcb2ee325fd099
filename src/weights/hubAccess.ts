/** Who may see a Hugging Face token: the Hub's own host, or one on this machine. */
import { EngineError } from "../lib/errors.ts";

const hub = "https://huggingface.co";
const loopback = ["localhost", "127.0.0.1", "[::1]"];

export interface HubAccess {
  /** Without a "/" at its end. */
  readonly endpoint: string;
  /** Kept in memory alone. */
  readonly token?: string;
}

/**
 * @param endpoint the Hub's own by default
 * @throws EngineError `hub-refused` for an endpoint that is no address, or a token that is none (which it does not repeat)
 */
export function hubAccess(endpoint: string = hub, token?: string): HubAccess {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password || url.search || url.hash) {
    throw new EngineError("hub-refused", `Got the Hub's address ${JSON.stringify(endpoint)}, expected one like ${hub}.`, "Correct it.");
  }
  const kept = token?.trim();
  // Checked here: a header that is refused later is quoted in the platform's own error.
  if (kept && !/^[\x21-\x7e]{1,256}$/.test(kept)) {
    throw new EngineError(
      "hub-refused",
      "Got a token with spaces or characters that no token has, expected one like hf_….",
      "Copy it again from huggingface.co/settings/tokens.",
    );
  }
  return { endpoint: url.href.replace(/\/+$/, ""), ...(kept ? { token: kept } : {}) };
}

/** True when the endpoint is one that may see the token. */
export function trusted({ endpoint }: HubAccess): boolean {
  const { origin, hostname } = new URL(endpoint);
  return origin === hub || loopback.includes(hostname);
}

/** The token, for addresses of a trusted endpoint's own origin; the platform drops it when such an address redirects elsewhere. */
export function tokenHeaders(url: string, access: HubAccess | undefined): Record<string, string> {
  if (!access?.token || !trusted(access) || new URL(url).origin !== new URL(access.endpoint).origin) return {};
  return { Authorization: `Bearer ${access.token}` };
}
