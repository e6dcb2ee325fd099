import type { MouseEvent, ReactNode } from "react";
import { useActions, useLab } from "../../store/lab.ts";
import type { LedgerSaid } from "../../store/ledgerSlice.ts";
import { activityOf } from "../../store/selectors.ts";
import type { Texts } from "../../texts/texts.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { ProgressBar } from "../../ui/ProgressBar.tsx";
import { Problem } from "../Problem.tsx";

/** What was done last and can be taken back, what waits to be decided, and what is under way. */
export function LedgerNotices(): ReactNode {
  const words = useTexts().edits;
  const error = useLab((state) => state.edit.listError);
  return (
    <>
      {error && <Problem error={error} title={words.failed} />}
      <Said />
      <Rewriting />
      <LeftEdits />
      <PlannedOrder />
    </>
  );
}

/** Runs what makes its own button go; the keys stay in the panel. */
const leaving =
  (act: () => void) =>
  ({ currentTarget }: MouseEvent): void => {
    currentTarget.closest<HTMLElement>(".ledger")?.focus();
    act();
  };

function Said(): ReactNode {
  const words = useTexts().ledger;
  const said = useLab((state) => state.ledger.said);
  const idle = useLab((state) => activityOf(state) === "idle");
  const { undo } = useActions();
  const back = said && said.kind !== "undone" && said.kind !== "redone";
  return (
    <div className="ledger-said" role="status">
      {said && <span>{saidText(said, words.said)}</span>}
      {back && (
        <Button tone="quiet" disabled={!idle} onClick={leaving(() => void undo())}>
          {words.takeBack}
        </Button>
      )}
    </div>
  );
}

function saidText(said: LedgerSaid, words: Texts["ledger"]["said"]): string {
  switch (said.kind) {
    case "forgotten":
      return words.forgotten(said.id);
    case "cleared":
    case "rewritten":
      return words[said.kind](said.count);
    case "dropped":
      return words.dropped(said.left.length);
    case "undone":
    case "redone":
      return words[said.kind];
  }
}

function Rewriting(): ReactNode {
  const words = useTexts().ledger;
  const work = useLab((state) => state.ledger.work);
  const progress = useLab((state) => state.ledger.rewriting);
  const { cancelRewrite } = useActions();
  if (work !== "rewriting") return null;
  return (
    <div className="ledger-rewriting">
      <ProgressBar label={words.rewriting} share={progress ? progress.done / progress.of : null} />
      <span role="status">{progress && words.rewritingOne(progress.done, progress.of)}</span>
      <Button tone="quiet" onClick={leaving(cancelRewrite)}>
        {words.cancelRewrite}
      </Button>
    </div>
  );
}

function LeftEdits(): ReactNode {
  const texts = useTexts();
  const words = texts.ledger;
  const left = useLab((state) => state.ledger.left.length);
  const method = useLab((state) => state.model.facts?.method ?? null);
  const idle = useLab((state) => activityOf(state) === "idle");
  const { rewriteLeft, queueLeft, dropLeft } = useActions();
  if (left === 0 || method === null) return null;
  return (
    <Notice tone="info" title={words.left(left)}>
      <p>{words.leftHint(texts.method.names[method])}</p>
      <div className="ledger-acts">
        <Button tone="primary" disabled={!idle} onClick={leaving(() => void rewriteLeft())}>
          {words.rewriteLeft}
        </Button>
        <Button onClick={leaving(queueLeft)}>{words.queueLeft}</Button>
        <Button tone="quiet" onClick={leaving(dropLeft)}>
          {words.dropLeft}
        </Button>
      </div>
    </Notice>
  );
}

function PlannedOrder(): ReactNode {
  const words = useTexts().ledger;
  const planned = useLab((state) => state.ledger.order !== null);
  const idle = useLab((state) => activityOf(state) === "idle");
  const { rewriteEdits, dropOrder } = useActions();
  if (!planned) return null;
  return (
    <Notice tone="info" title={words.order}>
      <p>{words.orderHint}</p>
      <div className="ledger-acts">
        <Button tone="primary" disabled={!idle} onClick={leaving(() => void rewriteEdits())}>
          {words.rewriteInOrder}
        </Button>
        <Button tone="quiet" onClick={leaving(dropOrder)}>
          {words.keepOrder}
        </Button>
      </div>
    </Notice>
  );
}
