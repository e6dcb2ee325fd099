import { errorFacts } from "../lib/errors.ts";
import { packBand, type Band } from "../weights/packBand.ts";
import type { FromPacker } from "./packPool.ts";

/** The worker's scope, as far as it is used here. */
interface Scope {
  onmessage: ((event: MessageEvent<{ readonly id: number; readonly band: Band }>) => void) | null;
  postMessage(message: FromPacker, transfer?: Transferable[]): void;
}
const scope = self as unknown as Scope;

scope.onmessage = ({ data: { id, band } }) => {
  try {
    const packed = packBand(band);
    scope.postMessage({ id, packed }, [packed.words.buffer, packed.scales.buffer]);
  } catch (thrown) {
    scope.postMessage({ id, error: errorFacts(thrown) });
  }
};
