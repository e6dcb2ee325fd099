import { useEffect, useMemo, useRef, useState } from "react";
import type { ReactNode } from "react";
import { Dial } from "../../charts/Dial.tsx";
import type { DialMark } from "../../charts/Dial.tsx";
import { stepped } from "../../charts/dialGeometry.ts";
import { elementSvg } from "../../charts/exportChart.ts";
import type { ModelFacts } from "../../engine/protocol.ts";
import { rephrasingLines } from "../../store/editSlice.ts";
import { useActions, useLab } from "../../store/lab.ts";
import { useMicroscope, useMicroscopeParts } from "../../store/microscope.ts";
import { activityOf } from "../../store/selectors.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { TextField } from "../../ui/Field.tsx";
import { formatFixed } from "../../ui/format.ts";
import { ChartExport } from "../ChartExport.tsx";
import { Problem } from "../Problem.tsx";
import { answersAt, dialPrompts, dialRange, tally, turningPoint } from "./dial.ts";
import type { DialEntry } from "./dial.ts";
import { DialList } from "./DialList.tsx";

/** A threshold that is moved, and the prompts that turn with it. */
export function DialView(): ReactNode {
  const texts = useTexts();
  const facts = useLab((state) => state.model.facts);
  const edits = useLab((state) => state.edit.edits.length);
  if (!facts) return null;
  if (edits === 0) return <p className="faint">{texts.microscope.noEdits}</p>;
  return <ThresholdDial facts={facts} />;
}

function ThresholdDial({ facts }: { readonly facts: ModelFacts }): ReactNode {
  const words = useTexts().microscope.dial;
  const { setThreshold } = useActions();
  const { method, settings } = facts;
  const scale = dialRange(method, settings);
  const inForce = stepped(scale, facts.threshold);
  const idle = useLab((state) => activityOf(state) === "idle");
  // What is tried holds until it is in force, or a new one is.
  const [tried, setTried] = useState<{ readonly value: number; readonly over: number } | null>(null);
  const [applying, setApplying] = useState(false);
  const value = tried?.over === facts.threshold ? tried.value : inForce;
  const entries = useEntries(facts);
  const { status, error } = useMicroscope((state) => state.scopes);
  const root = useRef<HTMLDivElement>(null);
  const format = thresholdText(method);
  const { reach, others } = tally(entries, value, method);

  const apply = async (next: number): Promise<void> => {
    setTried({ value: next, over: facts.threshold });
    if (next === inForce) return;
    setApplying(true);
    await setThreshold(next);
    setApplying(false);
  };
  const marks = entries.flatMap(({ text, turns, source }): DialMark[] => {
    if (turns === null) return [];
    const ring = ["edit", "rephrasing", "test"].includes(source) ? "inner" : "outer";
    return [{ key: text, value: turns, ring, label: words.mark(text, formatTurns(turns, method)) }];
  });
  return (
    <div className="microscope-dial">
      <div ref={root} className="microscope-dial-side">
        <h3>{words.label[method]}</h3>
        <Dial
          scale={scale}
          value={value}
          inForce={inForce}
          marks={marks}
          reached={(mark) => answersAt(mark.value, value, method)}
          label={words.label[method]}
          valueText={`${format(value)}. ${words.reach(reach.answered, reach.of)}, ${words.others(others.answered, others.of)}`}
          format={format}
          onTry={(next) => setTried({ value: next, over: facts.threshold })}
          onSet={(next) => void apply(next)}
          disabled={!idle && !applying}
        />
        <p className="microscope-said" aria-live="polite">
          {words.reach(reach.answered, reach.of)}, {words.others(others.answered, others.of)}.{" "}
          <span className="faint">{applying ? words.applying : words.inForce(format(inForce))}</span>
        </p>
        <p className="faint">
          {words.hint} {words.rings}
        </p>
        <OwnPrompts />
      </div>
      <div className="microscope-dial-list">
        <div className="microscope-tools">
          <h3>{words.list}</h3>
          <ChartExport
            name={words.exportName}
            svg={() => elementSvg(root.current, words.exportName)}
            rows={() => [
              Object.values(words.columns),
              ...entries.map(({ text, source, edit, turns, nearest }) => [
                text,
                [words.sources[source], edit].join(" ").trim(),
                turns ?? words.never,
                answersAt(turns, value, method) ? words.edited(nearest) : words.deferred,
              ]),
            ]}
          />
        </div>
        {error && <Problem error={error} title={words.failed} />}
        {status === "asking" && <p className="faint">{words.measuring}</p>}
        <DialList entries={entries} threshold={value} method={method} />
      </div>
    </div>
  );
}

/** Prompts with where each turns, nearest first; those that are not measured yet are left out. */
function useEntries({ method }: ModelFacts): readonly DialEntry[] {
  const { actions } = useMicroscopeParts();
  const edits = useLab((state) => state.edit.edits);
  const examples = useLab((state) => state.examples);
  const own = useMicroscope((state) => state.own);
  const measured = useMicroscope((state) => state.scopes.of);
  const prompts = useMemo(() => dialPrompts(edits, examples, rephrasingLines(own)), [edits, examples, own]);
  const missing = useMemo(() => prompts.map(({ text }) => text).filter((text) => !measured.has(text)), [prompts, measured]);
  useEffect(() => void actions.measureScopes(missing), [actions, missing]);
  return useMemo(
    () =>
      prompts
        .flatMap((prompt): DialEntry[] => {
          const scope = measured.get(prompt.text);
          return scope ? [{ ...prompt, turns: turningPoint(scope, scope.threshold, method), nearest: scope.edit }] : [];
        })
        .sort((a, b) => (a.turns ?? Infinity) - (b.turns ?? Infinity)),
    [prompts, measured, method],
  );
}

function OwnPrompts(): ReactNode {
  const words = useTexts().microscope.dial;
  const { actions } = useMicroscopeParts();
  const own = useMicroscope((state) => state.own);
  const [typed, setTyped] = useState(own);
  return (
    <div onBlur={() => typed !== own && actions.typeOwn(typed)}>
      <TextField
        label={words.own[0]}
        note={words.own[1]}
        rows={3}
        value={typed}
        onChange={setTyped}
        onSubmit={() => actions.typeOwn(typed)}
      />
    </div>
  );
}

const thresholdText = (method: ModelFacts["method"]) => (value: number) =>
  method === "paper" ? `ε ${value}` : `× ${formatFixed(value, 2)}`;

const formatTurns = (turns: number, method: ModelFacts["method"]): string => (method === "paper" ? String(turns) : formatFixed(turns, 2));
