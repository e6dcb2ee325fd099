import { createContext, useContext } from "react";
import type { LinkOpener } from "../../share/openLink.ts";

const LinkOpenerContext = createContext<LinkOpener | null>(null);
export const LinkOpenerProvider = LinkOpenerContext.Provider;

export function useLinkOpener(): LinkOpener {
  const opener = useContext(LinkOpenerContext);
  if (opener === null) throw new Error("A link was shown outside <LinkOpenerProvider>; wrap it in one.");
  return opener;
}
