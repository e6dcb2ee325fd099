import type { Missing, Section } from "../../src/bench/results.ts";
import type { BenchFlags } from "../bench.ts";

const PEERS = ["onnxruntime-web on the same bytes", "transformers.js on the same weights"];

/** The peers that exist only in a browser. */
export async function measureInBrowser(_flags: BenchFlags): Promise<{ section?: Section; missing: Missing[] }> {
  return { missing: PEERS.map((suite) => ({ suite, reason: "It runs in a browser only." })) };
}
