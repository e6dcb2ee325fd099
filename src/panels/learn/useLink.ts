import { useEffect, useState } from "react";
import { errorFacts } from "../../lib/errors.ts";
import type { ErrorFacts } from "../../lib/errors.ts";
import { linkStateOf } from "../../share/labLink.ts";
import type { ShareChoice } from "../../share/labLink.ts";
import { encodeLink } from "../../share/linkCodec.ts";
import type { LinkState } from "../../share/linkState.ts";
import { useLabParts } from "../../store/lab.ts";

export type MadeLink =
  | { readonly kind: "making" }
  | { readonly kind: "made"; readonly address: string; readonly link: LinkState }
  | { readonly kind: "failed"; readonly error: ErrorFacts };

/** The address of this page with the lab as it is now in its fragment, made anew for each choice. */
export function useLink(choice: ShareChoice): MadeLink {
  const { store } = useLabParts();
  const [made, setMade] = useState<MadeLink>({ kind: "making" });
  useEffect(() => {
    let current = true;
    const make = async (): Promise<MadeLink> => {
      const link = linkStateOf(store.getState(), choice);
      const address = new URL(location.href);
      address.hash = await encodeLink(link);
      return { kind: "made", address: address.href, link };
    };
    const show = async (): Promise<void> => {
      const next = await make().catch((thrown: unknown): MadeLink => ({ kind: "failed", error: errorFacts(thrown) }));
      if (current) setMade(next);
    };
    void show();
    return () => {
      current = false;
    };
  }, [store, choice]);
  return made;
}
