import type { ReactNode } from "react";
import type { ErrorFacts } from "../../lib/errors.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { Button } from "../../ui/Button.tsx";
import { Problem } from "../Problem.tsx";

/** The GPU went away under the page: what is lost, what is left, and the way on. */
export function DeviceLost({ error }: { readonly error: ErrorFacts }): ReactNode {
  const texts = useTexts();
  return (
    <Problem error={error} title={texts.device.lostTitle}>
      <p>{texts.device.lostText}</p>
      <Button tone="primary" onClick={() => location.reload()}>
        {texts.app.reload}
      </Button>
    </Problem>
  );
}
