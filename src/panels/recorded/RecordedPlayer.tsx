import { useEffect, useSyncExternalStore } from "react";
import type { ReactNode } from "react";
import { useTexts } from "../../texts/useTexts.ts";
import { Button } from "../../ui/Button.tsx";
import { Panel } from "../../ui/Panel.tsx";
import type { Player } from "./player.ts";
import { useRecorded } from "./recordedRun.ts";
import type { PlayedRecording } from "./recordedRun.ts";
import type { Scene } from "./story.ts";
import "./recorded.css";

/** What the recording is, what of it is on show, and how to stop, step and go on. @param children what there is to say of the live model */
export function RecordedPlayer({ children }: { readonly children: ReactNode }): ReactNode {
  const words = useTexts().recorded;
  const { played } = useRecorded();
  const model = played?.recording.model;
  return (
    <Panel
      title={words.title}
      id="prompt"
      aside={model && <span className="faint">{words.from(model.name, model.quantization, model.settings.seed)}</span>}
    >
      <div className="recorded-player">
        {played && <PlayerBody {...played} />}
        <div className="recorded-live">{children}</div>
      </div>
    </Panel>
  );
}

function PlayerBody({ recording, player }: PlayedRecording): ReactNode {
  const words = useTexts().recorded;
  const { scene, at } = useSyncExternalStore(player.subscribe, player.read);
  useEffect(() => {
    const follow = (): void => player.sleep(document.hidden);
    follow();
    document.addEventListener("visibilitychange", follow);
    return () => document.removeEventListener("visibilitychange", follow);
  }, [player]);
  return (
    <>
      <ol className="recorded-scenes" aria-label={words.scenes}>
        {player.scenes.map(({ name, length }, index) => (
          <li key={name}>
            <button type="button" aria-current={index === scene ? "step" : undefined} onClick={() => player.show(index)}>
              {words.scene[name]}
              <i aria-hidden="true" style={{ width: `${doneShare(index, scene, at / length)}%` }} />
            </button>
          </li>
        ))}
      </ol>
      <p className="recorded-caption" aria-live="polite">
        <Caption scene={player.scenes[scene]} answer={recording.edit.answer} />
      </p>
      <Controls player={player} />
    </>
  );
}

const doneShare = (index: number, scene: number, share: number): number =>
  index < scene ? 100 : index > scene ? 0 : Math.round(100 * share);

function Caption({ scene, answer }: { readonly scene: Scene | undefined; readonly answer: string }): ReactNode {
  const words = useTexts().recorded;
  if (!scene) return null;
  const { name, length, asked } = scene;
  const { inScope } = asked.after.trace.scope;
  switch (name) {
    case "ask":
      return words.ask(asked.prompt, asked.before.text.trim());
    case "train":
      return words.train(answer, length);
    case "edited":
      return words.edited(asked.prompt, asked.after.text.trim());
    case "rephrased":
      return words.rephrased(asked.prompt, inScope);
    case "unrelated":
      return words.unrelated(asked.prompt, inScope);
  }
}

function Controls({ player }: { readonly player: Player }): ReactNode {
  const words = useTexts().recorded;
  const { scene, at, playing } = useSyncExternalStore(player.subscribe, player.read);
  const last = player.scenes.length - 1;
  const over = scene === last && at === player.scenes[last]?.length;
  return (
    <div className="recorded-controls">
      <Button aria-label={words.back} title={words.back} disabled={scene === 0} onClick={() => player.step(-1)}>
        ‹
      </Button>
      <Button onClick={() => (playing ? player.pause() : player.play())}>{playing ? words.pause : over ? words.again : words.play}</Button>
      <Button aria-label={words.forth} title={words.forth} disabled={over} onClick={() => player.step(1)}>
        ›
      </Button>
    </div>
  );
}
