import { useMemo, useRef, useState } from "react";
import type { ReactNode } from "react";
import { elementSvg } from "../../charts/exportChart.ts";
import { ShareBars } from "../../charts/ShareBars.tsx";
import type { ShareGroup } from "../../charts/ShareBars.tsx";
import { useLab, useRoutingFrame } from "../../store/lab.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { Button } from "../../ui/Button.tsx";
import { SelectField } from "../../ui/Field.tsx";
import { formatFixed } from "../../ui/format.ts";
import { Term } from "../../ui/Term.tsx";
import { ChartExport } from "../ChartExport.tsx";
import { assignedUsage, standingOf, storedUsage, tokenUsage } from "./usage.ts";
import type { Standing, Usage } from "./usage.ts";

type Counted = "tokens" | "assigned" | "stored";
const COUNTED: readonly Counted[] = ["tokens", "assigned", "stored"];
const KINDS = { idle: "low", overused: "high", usual: "usual" } as const;

const percent = (share: number): string => `${formatFixed(100 * share, share > 0 && share < 0.1 ? 1 : 0)}\u00A0%`;

/** Idle and overused experts, layer by layer. */
export function ExpertsView(): ReactNode {
  const texts = useTexts();
  const words = texts.microscope.experts;
  const [counted, setCounted] = useState<Counted>("tokens");
  const [asTable, setAsTable] = useState(false);
  const usage = useUsage(counted);
  const root = useRef<HTMLDivElement>(null);
  const own = useLab((state) => state.model.facts?.method === "improved") && counted !== "tokens";
  if (!usage) return <p className="faint">{texts.routing.empty}</p>;
  const title = words.title(words.counted[counted], usage.of);
  const bars = barsOf(usage);
  const count = (standing: Standing): number => bars.filter((bar) => bar.standing === standing).length;
  const groups: ShareGroup[] = usage.layers.map(({ layer, expected }) => ({
    label: `${texts.routing.layer(layer)} · ${words.expected(percent(expected))}`,
    expected,
    expectedLabel: words.expected(percent(expected)),
    bars: bars
      .filter((bar) => bar.layer === layer)
      .map(({ expert, share, standing }) => ({
        share,
        kind: KINDS[standing],
        label: words.bar(layer, expert, percent(share), words.standing[standing]),
      })),
  }));
  return (
    <div className="microscope-part">
      <div className="microscope-tools">
        <SelectField
          label={words.over[0]}
          hint={words.over[1]}
          value={counted}
          options={COUNTED.map((value) => ({ value, label: words.counted[value] }))}
          onChange={setCounted}
        />
        <Button tone="quiet" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
          {asTable ? texts.microscope.asPicture : texts.microscope.asTable}
        </Button>
        <ChartExport
          name={words.exportName}
          svg={() => elementSvg(root.current, title)}
          rows={() => [
            Object.values(words.columns),
            ...bars.map(({ layer, expert, share, expected, standing }) => [layer, expert, share, expected, standing]),
          ]}
        />
      </div>
      {usage.of === 0 ? (
        <p className="faint">{own ? texts.microscope.ownExperts : texts.microscope.noEdits}</p>
      ) : (
        <>
          <h3>{title}</h3>
          <p className="microscope-said">
            <Term hint={words.rule}>
              {words.idle(count("idle"))}, {words.overused(count("overused"))}
            </Term>
            <span className="usage-key">
              <Term hint={words.expectedHint}>
                <svg width="26" height="8" aria-hidden="true">
                  <line className="share-bars-expected" x1="0" x2="26" y1="4" y2="4" />
                </svg>{" "}
                {words.columns.expected}
              </Term>
            </span>
          </p>
          <div ref={root}>
            {asTable ? <UsageTable bars={bars} caption={title} /> : <ShareBars groups={groups} summary={summaryOf(title, groups)} />}
          </div>
        </>
      )}
    </div>
  );
}

function useUsage(counted: Counted): Usage | null {
  const frame = useRoutingFrame();
  const edits = useLab((state) => state.edit.edits);
  return useMemo(() => {
    if (!frame) return null;
    if (counted === "tokens") return tokenUsage(frame);
    return (counted === "assigned" ? assignedUsage : storedUsage)(edits, frame.layers, frame.experts);
  }, [frame, edits, counted]);
}

interface UsageBar {
  readonly layer: number;
  readonly expert: number;
  readonly share: number;
  readonly expected: number;
  readonly standing: Standing;
}

const barsOf = ({ layers, of }: Usage): UsageBar[] =>
  layers.flatMap(({ layer, shares, expected }) =>
    shares.map((share, expert) => ({ layer, expert, share, expected, standing: standingOf(share, expected, of) })),
  );

const summaryOf = (title: string, groups: readonly ShareGroup[]): string =>
  [title, ...groups.flatMap(({ bars }) => bars.filter(({ kind }) => kind !== "usual").map(({ label }) => label))].join(". ");

function UsageTable({ bars, caption }: { readonly bars: readonly UsageBar[]; readonly caption: string }): ReactNode {
  const words = useTexts().microscope.experts;
  return (
    <div className="microscope-scroll" tabIndex={0} role="group" aria-label={caption}>
      <table className="microscope-table">
        <caption>{caption}</caption>
        <thead>
          <tr>
            {Object.values(words.columns).map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {bars.map(({ layer, expert, share, expected, standing }) => (
            <tr key={`${layer}:${expert}`}>
              <td>{layer}</td>
              <th scope="row">{expert}</th>
              <td>{percent(share)}</td>
              <td>{percent(expected)}</td>
              <td>{words.standing[standing]}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
