import type { LabState } from "../../../store/labStore.ts";
import { activityOf } from "../../../store/selectors.ts";

/** The model is there, and does nothing for the person right now. */
export const isIdle = (state: LabState): boolean => activityOf(state) === "idle";
export const hasModel = ({ model }: LabState): boolean => model.facts !== null;
