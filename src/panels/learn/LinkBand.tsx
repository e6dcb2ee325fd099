import { useEffect } from "react";
import type { ReactNode } from "react";
import { isLink } from "../../share/linkCodec.ts";
import { useLab } from "../../store/lab.ts";
import type { LinkSlice } from "../../store/linkSlice.ts";
import { currentOf, safetyOf } from "../../store/projectsSlice.ts";
import { activityOf } from "../../store/selectors.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { ProgressBar } from "../../ui/ProgressBar.tsx";
import { Problem } from "../Problem.tsx";
import { useLinkOpener } from "./linkOpener.ts";
import "./linkBand.css";

/** What becomes of the link that the page was opened with. */
export function LinkBand(): ReactNode {
  const words = useTexts().share.band;
  const link = useLab((state) => state.link);
  const { dismiss } = useLinkOpener();
  useEffect(() => {
    // A link that is pasted over the address of this page.
    const onHash = (): void => {
      if (isLink(location.hash)) location.reload();
    };
    window.addEventListener("hashchange", onHash);
    return () => window.removeEventListener("hashchange", onHash);
  }, []);
  const { view } = link;
  const ended = ["found", "done", "stopped"].includes(link.status);
  useEffect(() => {
    if (ended && view) document.querySelector(`[data-region="${view}"] > .panel`)?.scrollIntoView({ block: "start" });
  }, [ended, view]);
  if (link.status === "none") return null;
  const close = (
    <Button tone="quiet" onClick={dismiss}>
      {words.dismiss}
    </Button>
  );
  if (link.status === "failed" && link.error)
    return (
      <Problem error={link.error} title={words.failed}>
        {close}
      </Problem>
    );
  return (
    <Notice tone={link.status === "done" && !differs(link) ? "good" : "info"} title={words.title}>
      <div className="link-band">
        <LinkState link={link} />
        {ended && close}
      </div>
    </Notice>
  );
}

const differs = ({ outcome }: LinkSlice): boolean => outcome?.codes === "different" || outcome?.answers === "different";

function LinkState({ link }: { readonly link: LinkSlice }): ReactNode {
  const words = useTexts().share.band;
  switch (link.status) {
    case "none":
    case "failed":
      return null;
    case "reading":
      return <p>{words.reading}</p>;
    case "asking":
      return <Asking model={link.model} />;
    case "loading":
      return <p>{words.loading}</p>;
    case "rebuilding":
      return <Rebuilding done={link.done} of={link.of} />;
    case "found":
      return <Found />;
    case "stopped":
      return <p>{words.stopped}</p>;
    case "done":
      return (
        <p data-outcome={link.outcome ? `${link.outcome.codes} ${link.outcome.answers}` : undefined}>
          {words.done(link.of)} {link.outcome && words.outcome(link.outcome.codes, link.outcome.answers)} {differs(link) && words.different}
        </p>
      );
  }
}

function Asking({ model }: { readonly model: string }): ReactNode {
  const words = useTexts().share.band;
  const { accept, dismiss } = useLinkOpener();
  return (
    <>
      <p>{words.asking(model)}</p>
      <Button tone="primary" onClick={() => void accept()}>
        {words.accept}
      </Button>
      <Button onClick={dismiss}>{words.decline}</Button>
    </>
  );
}

function Found(): ReactNode {
  const words = useTexts().share.band;
  const name = useLab((state) => currentOf(state.projects)?.name ?? "");
  // What is not saved would go with the model that is loaded anew.
  const free = useLab((state) => activityOf(state) === "idle" && safetyOf(state.projects, state.edit.edits.length) !== "unsaved");
  const { afresh } = useLinkOpener();
  return (
    <>
      <p>{words.found(name)}</p>
      <Button disabled={!free} onClick={() => void afresh()}>
        {words.afresh}
      </Button>
    </>
  );
}

function Rebuilding({ done, of }: { readonly done: number; readonly of: number }): ReactNode {
  const words = useTexts().share.band;
  const { stop } = useLinkOpener();
  if (of === 0) return <p>{words.settingUp}</p>;
  return (
    <>
      <p>{words.rebuilding(done, of)}</p>
      <div className="link-progress">
        <ProgressBar label={words.progress} share={done / of} valueText={words.rebuilding(done, of)} />
      </div>
      <Button onClick={stop}>{words.stop}</Button>
    </>
  );
}
