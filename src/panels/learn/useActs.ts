import { useEffect } from "react";
import { useActions } from "../../store/lab.ts";

/** Notes what is done on the page for as long as there are lessons to see it. */
export function useActs(): void {
  const { watchActs } = useActions();
  useEffect(() => watchActs(), [watchActs]);
}
