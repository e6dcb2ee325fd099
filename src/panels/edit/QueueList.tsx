import { useMemo, useRef } from "react";
import type { ReactNode } from "react";
import { useActions, useLab } from "../../store/lab.ts";
import type { QueueItem } from "../../store/queueSlice.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { problemText } from "../problemText.ts";
import { Button } from "../../ui/Button.tsx";
import { ProgressBar } from "../../ui/ProgressBar.tsx";
import { useKeptFocus } from "./useKeptFocus.ts";
import "./queue.css";

/** Drafts that wait, the one that trains, and those whose training failed. */
export function QueueList(): ReactNode {
  const words = useTexts().queue;
  const { items, paused, done, removed } = useLab((state) => state.queue);
  const { pauseQueue, emptyQueue, restoreQueued } = useActions();
  const heading = useRef<HTMLHeadingElement>(null);
  const ids = useMemo(() => items.map(({ key }) => key), [items]);
  const { list, onFocus } = useKeptFocus<HTMLOListElement>(ids, heading);
  if (items.length + removed.length === 0) return null;
  const count = (status: QueueItem["status"]): number => items.filter((item) => item.status === status).length;
  const training = count("training") > 0;
  return (
    <section className="queue" aria-label={words.title}>
      <header>
        <h3 ref={heading} tabIndex={-1}>
          {words.title}
        </h3>
        <span role="status">{words.counts(count("waiting"), count("failed"), done)}</span>
        {paused && <span className="mark">{training ? words.pausing : words.paused}</span>}
        <Button tone="quiet" aria-pressed={paused} onClick={() => pauseQueue(!paused)}>
          {paused ? words.resume : words.pause}
        </Button>
        <Button tone="quiet" onClick={emptyQueue}>
          {words.empty}
        </Button>
      </header>
      {removed.length > 0 && (
        <p className="queue-removed" role="status">
          {words.removed(removed.length)}{" "}
          <Button tone="quiet" onClick={restoreQueued}>
            {words.takeBack}
          </Button>
        </p>
      )}
      <ol ref={list} onFocus={onFocus}>
        {items.map((item) => (
          <QueueRow key={item.key} item={item} />
        ))}
      </ol>
    </section>
  );
}

function QueueRow({ item }: { readonly item: QueueItem }): ReactNode {
  const texts = useTexts();
  const words = texts.queue;
  const { cancelQueued, retryQueued, reviseQueued } = useActions();
  const { key, draft, status, step, error } = item;
  return (
    <li data-row={key} data-status={status}>
      <p>
        <bdi>{draft.prompt}</bdi> → <b dir="auto">{draft.answer}</b>
      </p>
      <span className="queue-status">
        {words[status]}
        {step && `, ${words.step(step.step, step.steps)}`}
      </span>
      <span className="queue-acts">
        {status === "failed" && (
          <Button tone="quiet" data-act="retry" aria-label={words.retry(draft.prompt)} onClick={() => retryQueued(key)}>
            {words.retryShort}
          </Button>
        )}
        {status === "failed" && (
          <Button tone="quiet" data-act="revise" aria-label={words.revise(draft.prompt)} onClick={() => reviseQueued(key)}>
            {words.reviseShort}
          </Button>
        )}
        <Button
          tone="quiet"
          data-act="cancel"
          aria-label={words.cancel(draft.prompt)}
          title={words.cancel(draft.prompt)}
          onClick={() => cancelQueued(key)}
        >
          ×
        </Button>
      </span>
      {status === "training" && <ProgressBar label={words.training} share={step ? step.step / step.steps : null} />}
      {error && <p className="queue-error">{problemText(texts, error)}</p>}
    </li>
  );
}
