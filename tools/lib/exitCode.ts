import { EngineError, errorFacts } from "../../src/lib/errors.ts";

/** Does a program's work: exit code 0, or 2 with the error on the error stream; one that is not typed with where it came from. */
export async function exitCodeOf(work: () => Promise<void>): Promise<number> {
  try {
    await work();
    return 0;
  } catch (thrown) {
    const { code, message, hint } = errorFacts(thrown);
    console.error(`${code}: ${message}\n${hint}`);
    if (!(thrown instanceof EngineError)) console.error(thrown);
    return 2;
  }
}
