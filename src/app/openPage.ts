import { loadLateParts } from "../lib/lateParts.ts";
import type { LinkOpener } from "../share/openLink.ts";
import type { Lab } from "../store/lab.ts";
import { takeForm } from "./offline/carryOver.ts";
import type { PageKeeping } from "./offline/pageKeeping.ts";
import type { TrafficLog } from "./trafficLog.ts";

export interface PageParts {
  readonly lab: Lab;
  readonly opener: LinkOpener;
  readonly traffic: TrafficLog;
  readonly keeping: PageKeeping;
}

/** The page shows its first picture by then, and answers to people; measured by `npm run budget`. */
const INTERACTIVE_MARK = "interactive";
/** A page that opens in the background draws nothing: it begins all the same. */
const LONGEST_WAIT_MS = 500;

/** Once the first picture is on the screen: what is begun in its own frame may still come before it. */
function painted(): Promise<void> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve, 0)));
    setTimeout(resolve, LONGEST_WAIT_MS);
  });
}

/** Everything that the first picture can do without: the engine and its model, the other parts of the page, what it keeps. */
export async function openPage({ lab, opener, traffic, keeping }: PageParts): Promise<void> {
  await painted();
  performance.mark(INTERACTIVE_MARK);
  await Promise.all([opener.open(location.hash), lab.actions.loadExamples(readJson), loadLateParts()]);
  // The edits that came along were written through the same form.
  const form = takeForm();
  if (form) lab.actions.setForm(form);
  const settle = (): void => traffic.settle(performance.timeOrigin + performance.now());
  settle();
  lab.store.subscribe(({ model }, before) => {
    if (model.loaded !== before.model.loaded && model.loaded !== null) settle();
  });
  await keeping.start();
  // A model from elsewhere has its own storage, and one that did not come is not worth the bytes.
  if (lab.store.getState().model.loaded?.source.kind === "built-in") await keeping.keepModel();
}

export async function readJson(address: string): Promise<unknown> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address} answered ${response.status}`);
  return response.json();
}
