/** What the Hub's refusals mean, and what to do about them. */
import { EngineError } from "../lib/errors.ts";
import { trusted, type HubAccess } from "./hubAccess.ts";

const checkName = "Check its name and revision. If it is private, paste a read token of an account that may see it.";

/**
 * @param what the repository or file that was asked for
 * @param page where a person reads about the repository
 */
export function hubRefusal(response: Response, what: string, page: string, access: HubAccess | undefined): EngineError {
  const { status } = response;
  const code = response.headers.get("x-error-code") ?? "";
  const got = `${what}: got HTTP ${status}${/^\w+$/.test(code) ? ` (${code})` : ""}`;
  if (status === 429) return tooMany(got, retryAfter(response, 0));
  if (code === "RepoNotFound" || code === "RevisionNotFound" || code === "EntryNotFound" || status === 404) {
    const missing = code === "RevisionNotFound" ? "a revision" : code === "EntryNotFound" ? "a file" : "a repository, revision or file";
    return new EngineError("unknown-model", `${got}, expected ${missing} that is there (private ones look missing too).`, checkName);
  }
  if (status === 401 || status === 403)
    return new EngineError("hub-refused", `${got}, expected access.`, accessHint(status, code, page, access));
  return new EngineError("fetch-failed", `${got}, expected 200.`, "The server has trouble: try again later.");
}

function accessHint(status: number, code: string, page: string, access: HubAccess | undefined): string {
  const terms = `open ${page}, accept its terms`;
  const gated = `This model asks for its terms to be accepted: ${terms}, make a read token at huggingface.co/settings/tokens, and paste it here.`;
  if (!access?.token) return code === "GatedRepo" ? gated : `The repository is gated, private or not there. ${gated}`;
  if (!trusted(access)) return `The token was not sent, since tokens go to huggingface.co alone and not to ${access.endpoint}.`;
  if (status === 403 || code === "GatedRepo") {
    return `The token's account has not been let in: ${terms}, wait until that is granted, and use a token that may read gated repositories.`;
  }
  return "The token was not accepted: it may be mistyped, expired or revoked. Make a new read token at huggingface.co/settings/tokens.";
}

function tooMany(got: string, waitMs: number): EngineError {
  const wait = waitMs > 0 ? `in ${Math.ceil(waitMs / 1000)} seconds` : "in some minutes";
  return new EngineError(
    "hub-refused",
    `${got}, expected fewer requests from this address.`,
    `Try again ${wait}; a token raises the limit.`,
  );
}

/** Milliseconds that the answer asks to wait; 0 when it does not say. @param now milliseconds since 1970 */
export function retryAfter(response: Response, now: number): number {
  const text = response.headers.get("retry-after") ?? "";
  if (/^\d{1,6}$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return now > 0 && Number.isFinite(date) ? Math.max(0, date - now) : 0;
}
