import type { ReactNode } from "react";
import type { ErrorFacts } from "../../lib/errors.ts";
import { useActions, useLab } from "../../store/lab.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Problem } from "../Problem.tsx";
import { useProjectExport } from "../projects/useProjectExport.ts";

/** The GPU went away under the page, or the engine with it: what is lost, what is left, and the way on. */
export function DeviceLost({ error }: { readonly error: ErrorFacts }): ReactNode {
  const texts = useTexts();
  const words = texts.device;
  const recovering = useLab((state) => state.device.status === "recovering");
  const stopped = useLab((state) => state.device.stopped);
  const said = stopped ? words.stopped : words.lost;
  const edits = useLab((state) => state.edit.edits.length);
  const { recover } = useActions();
  const exportProject = useProjectExport();
  if (recovering) return <Notice tone="warning" title={said.recovering} />;
  return (
    <Problem error={error} title={said.title}>
      <p>{said.text}</p>
      <div className="device-acts">
        <Button tone="primary" onClick={() => void recover()}>
          {words.recover}
        </Button>
        {edits > 0 && !stopped && <Button onClick={() => void exportProject(null)}>{texts.projects.exportHere}</Button>}
        <Button onClick={() => location.reload()}>{texts.app.reload}</Button>
      </div>
    </Problem>
  );
}

/** Said once a lost GPU is back, or an engine that stopped. */
export function DeviceBack(): ReactNode {
  const words = useTexts().device;
  const back = useLab((state) => state.device.recovered > 0 && state.device.status === "ready");
  const said = useLab((state) => (state.device.stopped ? words.stopped : words.lost));
  return back ? <Notice tone="good" title={said.recovered} /> : null;
}
