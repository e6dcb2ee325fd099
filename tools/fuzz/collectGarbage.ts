import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
/** All of it, at once. The flag shows in contexts made after it. */
export const collectGarbage = runInNewContext("gc") as () => void;
