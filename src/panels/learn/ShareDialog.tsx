import { useState } from "react";
import type { ReactNode } from "react";
import { COMFORTABLE_CHARACTERS } from "../../share/linkState.ts";
import type { LinkState } from "../../share/linkState.ts";
import { hasGaps } from "../../share/labLink.ts";
import type { ShareChoice } from "../../share/labLink.ts";
import { useActions, useLab } from "../../store/lab.ts";
import { activityOf } from "../../store/selectors.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { Button } from "../../ui/Button.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { QrCode } from "../../ui/QrCode.tsx";
import { Problem } from "../Problem.tsx";
import { LinkField } from "./LinkField.tsx";
import { ShareChoices } from "./ShareChoices.tsx";
import { useLink } from "./useLink.ts";
import "./share.css";

/** What goes into a link, and the link: as text, as a code, with its length. */
export function ShareDialog(): ReactNode {
  const words = useTexts().share;
  const { openShare } = useActions();
  const [choice, setChoice] = useState<ShareChoice>({ view: null, lesson: null, hidden: [], locked: [] });
  const made = useLink(choice);
  const gaps = useLab((state) => hasGaps(state.edit.edits));
  return (
    <Dialog title={words.title} closeLabel={words.close} wide onClose={() => openShare(false)}>
      <div className="share">
        <div className="share-link">
          {made.kind === "failed" && <Problem error={made.error} title={words.failed} />}
          {made.kind === "making" && <p className="faint">{words.making}</p>}
          {made.kind === "made" && (
            <>
              <LinkField address={made.address} />
              <p className="faint">{words.size(made.address.length, COMFORTABLE_CHARACTERS)}</p>
              {gaps && <Gaps />}
              <Contents link={made.link} />
            </>
          )}
          <p className="faint">{words.nothing}</p>
        </div>
        {made.kind === "made" && (
          <section className="share-code" aria-label={words.qr}>
            <QrCode text={made.address} title={words.qrTitle(made.link.edits.length)} tooLong={words.tooLong} />
          </section>
        )}
        <ShareChoices choice={choice} onChange={setChoice} />
      </div>
      <div className="dialog-actions">
        <Button onClick={() => openShare(false)}>{words.close}</Button>
      </div>
    </Dialog>
  );
}

/** What the receiver makes may differ: said, with the way to make both the same. */
function Gaps(): ReactNode {
  const words = useTexts();
  const free = useLab((state) => activityOf(state) === "idle");
  const { rewriteEdits } = useActions();
  return (
    <Notice tone="info">
      <p>{words.share.gaps}</p>
      <Button disabled={!free} onClick={() => void rewriteEdits()}>
        {words.ledger.rewrite}
      </Button>
    </Notice>
  );
}

function Contents({ link }: { readonly link: LinkState }): ReactNode {
  const { share: words, regions } = useTexts();
  const name = useLab((state) => state.model.facts?.name ?? "");
  const rephrasings = link.edits.reduce((sum, edit) => sum + edit.rephrasings.length, 0);
  const revision = link.model.kind === "hub" ? `${link.model.id} @ ${link.model.revision.slice(0, 12)}` : `${name}, ${link.model.variant}`;
  const parts = [
    [regions.model, revision],
    [words.parts.method, `${words.methods[link.method]}, ${words.settings(Object.keys(link.settings).length)}`],
    [words.parts.seed, String(link.seed)],
    [regions.edits, words.edits(link.edits.length, rephrasings)],
    [regions.prompt, link.prompt === "" ? words.noPrompt : link.prompt],
  ] as const;
  return (
    <section aria-label={words.what}>
      <h3>{words.what}</h3>
      <dl className="share-parts">
        {parts.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
