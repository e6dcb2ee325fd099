import type { Page } from "@playwright/test";
import { test as base, expect } from "./fixtures.ts";

interface Watched {
  /** What payloads set when they run. */
  __pwned?: unknown;
  readonly policyViolations: string[];
}

/** From the first script on: payloads that run leave a mark, and what the policy refuses is counted. */
export async function watchIntrusions(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const policyViolations: string[] = [];
    Object.assign(globalThis, { policyViolations });
    document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI, sourceFile }) =>
      policyViolations.push(`${effectiveDirective} refused ${blockedURI} in ${sourceFile}`),
    );
  });
}

/** What got in, or tried to, a line each: texts from strangers leave none. */
export function intrusions(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { __pwned, policyViolations } = globalThis as unknown as Watched;
    const found = [...policyViolations];
    // Clobbering counts too: an element of that name is an intruder.
    if (__pwned !== undefined) found.push("a payload ran, or took a name of the page's");
    for (const element of document.querySelectorAll("*")) {
      const name = element.localName;
      const own = (address: string | null): boolean =>
        address === null || /^(?:blob|data:image\/)/.test(address) || new URL(address, document.baseURI).origin === location.origin;
      const ownScript = name === "script" && element.getAttribute("src") !== null && own(element.getAttribute("src"));
      if (/^(?:script|iframe|frame|object|embed|applet|base|marquee|portal)$/.test(name) && !ownScript) found.push(`a <${name}>`);
      if (name === "meta" && element.getAttribute("http-equiv") === "refresh") found.push("a <meta> that leads away");
      if (name === "form" && element.hasAttribute("action")) found.push("a <form> that goes somewhere");
      if (name === "style") found.push("a <style>");
      for (const { name: attribute, value } of element.attributes) {
        if (attribute.startsWith("on")) found.push(`<${name} ${attribute}>`);
        if (/^\s*(?:javascript|vbscript):/i.test(value) && /^(?:href|src|action|xlink:href|data)$/.test(attribute))
          found.push(`<${name} ${attribute}=${value}>`);
      }
      if (
        /^(?:img|link|source|video|audio|image|use)$/.test(name) &&
        !(own(element.getAttribute("src")) && own(element.getAttribute("href")))
      )
        found.push(`a <${name}> from elsewhere`);
    }
    return found;
  });
}

/** A page that fails its test when anything of a payload was more than text. */
export const test = base.extend<{ readonly guarded: Page }>({
  guarded: async ({ page }, provide, { title }) => {
    await watchIntrusions(page);
    await provide(page);
    const found = await intrusions(page);
    console.log(`${title}: ${found.length} of them got in`);
    expect(found).toEqual([]);
  },
});
