import type { Results } from "../../src/bench/results.ts";

export async function writeDocs(_results: Results): Promise<void> {}
