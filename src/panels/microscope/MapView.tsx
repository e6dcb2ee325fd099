import { useEffect, useMemo, useRef, useState } from "react";
import type { ReactNode } from "react";
import { elementSvg } from "../../charts/exportChart.ts";
import { PointMap, PointMark } from "../../charts/PointMap.tsx";
import { convexHull, fitInto } from "../../lib/plane.ts";
import type { PlanePoint } from "../../lib/plane.ts";
import { useLab } from "../../store/lab.ts";
import { useMicroscope, useMicroscopeParts } from "../../store/microscope.ts";
import type { QueryPoint } from "../../store/microscopeSlice.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { Button } from "../../ui/Button.tsx";
import { formatFixed } from "../../ui/format.ts";
import { ChartExport } from "../ChartExport.tsx";
import { Problem } from "../Problem.tsx";

const HEIGHT = 460;
const MARGIN = 34;
const percent = (share: number): string => `${formatFixed(100 * share, 1)}\u00A0%`;

/** The queries of all edits and of the prompt in two dimensions. */
export function MapView(): ReactNode {
  const texts = useTexts();
  const words = texts.microscope.map;
  const { actions } = useMicroscopeParts();
  const { status, points, explained, error } = useMicroscope((state) => state.map);
  const edits = useLab((state) => state.edit.edits.length);
  const [chosen, setChosen] = useState<string | null>(null);
  const [asTable, setAsTable] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => void actions.mapQueries(), [actions]);
  const areas = useMemo(() => areasOf(points), [points]);

  if (error) return <Problem error={error} title={words.failed} />;
  if (points.length === 0) return <p className="faint">{words.waiting}</p>;
  const nameOf = ({ edit }: QueryPoint): string => (edit === null ? words.prompt : words.edit(edit));
  const [first, second] = explained;
  const shares = [percent(first), percent(second)] as const;
  const own = points.find(({ key }) => key === chosen);
  const said = words.explained(...shares, percent(first + second));
  return (
    <div className="microscope-part">
      <div className="microscope-tools">
        <p className="microscope-said">{said}</p>
        <Button tone="quiet" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
          {asTable ? texts.microscope.asPicture : texts.microscope.asTable}
        </Button>
        <ChartExport
          name={words.exportName}
          svg={() => elementSvg(root.current, said)}
          rows={() => [Object.values(words.columns), ...points.map((point) => [nameOf(point), point.text, point.x, point.y])]}
        />
      </div>
      {edits === 0 && <p className="faint">{texts.microscope.noEdits}</p>}
      {asTable ? (
        <MapTable points={points} nameOf={nameOf} />
      ) : (
        <div ref={root} data-stale={status === "asking" || undefined}>
          <PointMap
            points={points.map(({ key, x, y, edit }) => ({ key, x, y, kind: edit }))}
            areas={areas}
            fit={(width, height) => fitInto(points, width, height, MARGIN)}
            label={words.chart}
            axes={[words.axis(1, shares[0]), words.axis(2, shares[1])]}
            chosen={chosen}
            onChoose={setChosen}
            height={HEIGHT}
          />
        </div>
      )}
      <div className="routing-foot">
        <p className="routing-readout" aria-live="polite">
          {own ? (
            <>
              <PointMark kind={own.edit} /> {words.point(nameOf(own), own.text)}
            </>
          ) : (
            <span className="faint">{words.hint}</span>
          )}
        </p>
        <span className="faint">{words.hulls}</span>
      </div>
      <ul className="map-key">
        {[null, ...new Set(points.flatMap(({ edit }) => (edit === null ? [] : [edit])))].map((kind) => (
          <li key={kind}>
            <button
              type="button"
              className="map-key-entry"
              onClick={() => setChosen(points.find(({ edit }) => edit === kind)?.key ?? null)}
            >
              <PointMark kind={kind} /> {kind === null ? words.prompt : words.edit(kind)}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** The hull of each edit's phrasings, where it has several. */
function areasOf(points: readonly QueryPoint[]): { kind: number; corners: PlanePoint[] }[] {
  const kinds = new Set(points.flatMap(({ edit }) => (edit === null ? [] : [edit])));
  const hulls = [...kinds].map((kind) => ({ kind, corners: convexHull(points.filter(({ edit }) => edit === kind)) }));
  return hulls.filter(({ corners }) => corners.length > 1);
}

function MapTable({
  points,
  nameOf,
}: {
  readonly points: readonly QueryPoint[];
  readonly nameOf: (point: QueryPoint) => string;
}): ReactNode {
  const words = useTexts().microscope.map;
  return (
    <div className="microscope-scroll" tabIndex={0} role="group" aria-label={words.caption}>
      <table className="microscope-table">
        <caption>{words.caption}</caption>
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
          {points.map((point) => (
            <tr key={point.key}>
              <th scope="row">{nameOf(point)}</th>
              <td>{point.text}</td>
              <td>{formatFixed(point.x, 3)}</td>
              <td>{formatFixed(point.y, 3)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
