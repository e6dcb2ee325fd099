import type { ReactNode } from "react";
import type { ErrorFacts } from "../../lib/errors.ts";
import { useActions, useLab } from "../../store/lab.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Problem } from "../Problem.tsx";
import { useProjectExport } from "../projects/useProjectExport.ts";

/** The GPU went away under the page: what is lost, what is left, and the way on. */
export function DeviceLost({ error }: { readonly error: ErrorFacts }): ReactNode {
  const texts = useTexts();
  const words = texts.device;
  const recovering = useLab((state) => state.device.status === "recovering");
  const edits = useLab((state) => state.edit.edits.length);
  const { recover } = useActions();
  const exportProject = useProjectExport();
  if (recovering) return <Notice tone="warning" title={words.recovering} />;
  return (
    <Problem error={error} title={words.lostTitle}>
      <p>{words.lostText}</p>
      <div className="device-acts">
        <Button tone="primary" onClick={() => void recover()}>
          {words.recover}
        </Button>
        {edits > 0 && <Button onClick={() => void exportProject(null)}>{texts.projects.exportHere}</Button>}
        <Button onClick={() => location.reload()}>{texts.app.reload}</Button>
      </div>
    </Problem>
  );
}

/** Said once a lost GPU is back. */
export function DeviceBack(): ReactNode {
  const words = useTexts().device;
  const back = useLab((state) => state.device.recovered > 0 && state.device.status === "ready");
  return back ? <Notice tone="good" title={words.recovered} /> : null;
}
