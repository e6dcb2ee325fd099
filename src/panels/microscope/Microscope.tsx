import { useId, useRef } from "react";
import type { KeyboardEvent, ReactNode } from "react";
import { useActions, useLab } from "../../store/lab.ts";
import { useMicroscope, useMicroscopeParts } from "../../store/microscope.ts";
import { microscopeViews } from "../../store/microscopeSlice.ts";
import type { MicroscopeView } from "../../store/microscopeSlice.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { TextField } from "../../ui/Field.tsx";
import { CodesView } from "./CodesView.tsx";
import { DialView } from "./DialView.tsx";
import { ExpertsView } from "./ExpertsView.tsx";
import { HeatmapView } from "./HeatmapView.tsx";
import { MapView } from "./MapView.tsx";
import "./microscope.css";

const VIEWS: Readonly<Record<MicroscopeView, () => ReactNode>> = {
  heatmap: HeatmapView,
  experts: ExpertsView,
  codes: CodesView,
  map: MapView,
  dial: DialView,
};

/** The routing from near, over the whole window; what is typed here is the page's prompt. */
export function Microscope(): ReactNode {
  const words = useTexts().microscope;
  const { openOverlay, typePrompt } = useActions();
  const ready = useLab((state) => state.model.status === "ready");
  const prompt = useLab((state) => state.prompt.text);
  const view = useMicroscope((state) => state.view);
  const id = useId();
  const View = VIEWS[view];
  return (
    <Dialog title={words.title} closeLabel={words.close} full onClose={() => openOverlay("none")}>
      <div className="microscope">
        <div className="microscope-head">
          <Tabs id={id} view={view} />
          <div className="microscope-prompt">
            <TextField label={words.prompt} value={prompt} onChange={typePrompt} />
          </div>
        </div>
        <div className="microscope-view" role="tabpanel" id={`${id}-view`} aria-labelledby={`${id}-${view}`}>
          {ready ? <View /> : <p className="faint">{words.noModel}</p>}
        </div>
      </div>
    </Dialog>
  );
}

function Tabs({ id, view }: { readonly id: string; readonly view: MicroscopeView }): ReactNode {
  const words = useTexts().microscope;
  const { actions } = useMicroscopeParts();
  const ref = useRef<HTMLDivElement>(null);
  const press = (event: KeyboardEvent): void => {
    const at = microscopeViews.indexOf(view);
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: microscopeViews.length - 1 }[event.key];
    const chosen = next === undefined ? undefined : microscopeViews.at(next % microscopeViews.length);
    if (chosen === undefined) return;
    event.preventDefault();
    actions.show(chosen);
    ref.current?.querySelector<HTMLElement>(`[id="${id}-${chosen}"]`)?.focus();
  };
  return (
    <div ref={ref} className="tabs" role="tablist" aria-label={words.title} tabIndex={-1} onKeyDown={press}>
      {microscopeViews.map((one) => (
        <button
          key={one}
          id={`${id}-${one}`}
          type="button"
          role="tab"
          aria-selected={one === view}
          aria-controls={`${id}-view`}
          tabIndex={one === view ? 0 : -1}
          onClick={() => actions.show(one)}
        >
          {words.views[one]}
        </button>
      ))}
    </div>
  );
}
