import type { RoutingFrame } from "../../store/routingFrames.ts";
import type { Texts } from "../../texts/texts.ts";
import { cellFacts } from "../routing/frameData.ts";
import { pieceOf } from "./columnFacts.ts";
import type { Difference } from "./difference.ts";

type Heads = Texts["microscope"]["heatmap"]["csv"];

/** The heatmap's numbers, a row a cell. */
export function frameRows(frame: RoutingFrame, heads: Heads): (string | number)[][] {
  const rows: (string | number)[][] = [[heads.token, heads.text, heads.layer, heads.expert, heads.value, heads.picked]];
  for (const [column, piece] of frame.pieces.entries())
    for (const [group, layer] of frame.layers.entries())
      for (let row = 0; row < frame.experts; row++) {
        const facts = cellFacts(frame, { column, group, row });
        rows.push([column + 1, piece.text, layer, row, facts?.probability ?? 0, Number(facts?.picked ?? false)]);
      }
  return rows;
}

/** A minus B with both texts' tokens. */
export function differenceRows(a: RoutingFrame, b: RoutingFrame, { pairs, data }: Difference, heads: Heads): (string | number)[][] {
  const rows: (string | number)[][] = [[heads.token, `${heads.text} A`, `${heads.text} B`, heads.layer, heads.expert, heads.difference]];
  for (const [column, pair] of pairs.entries())
    for (const [group, layer] of a.layers.entries())
      for (let row = 0; row < a.experts; row++) {
        const value = data.values[(column * data.groups + group) * data.rowsPerGroup + row] ?? 0;
        rows.push([column + 1, pieceOf(a, pair.a), pieceOf(b, pair.b), layer, row, value]);
      }
  return rows;
}
