import type { ColumnMethod } from "../../store/compareSlice.ts";
import { useLab } from "../../store/lab.ts";
import { useTexts } from "../../texts/useTexts.ts";

/** Names of methods, as the model's facts have them. */
export function useMethodName(): (method: ColumnMethod) => string {
  const words = useTexts().compare;
  const facts = useLab((state) => state.model.facts);
  return (method) => {
    if (method === "base") return words.base;
    const name = facts?.methods.find(({ id }) => id === method)?.name ?? method;
    return method === facts?.method ? words.inUse(name) : name;
  };
}
