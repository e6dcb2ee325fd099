import type { ReactNode } from "react";
import type { KeptModel } from "../../engine/protocol.ts";
import { useActions, useLab } from "../../store/lab.ts";
import { canChangeModel } from "../../store/selectors.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { Button } from "../../ui/Button.tsx";
import { formatBytes, formatDay } from "../../ui/format.ts";
import { keptRequest } from "../model/KeptChoice.tsx";
import { useGuardedLoad } from "../model/useGuardedLoad.tsx";

export interface KeptModelsProps {
  readonly models: readonly KeptModel[];
  readonly onRemove: (key: string) => void;
}

export function KeptModels({ models, onRemove }: KeptModelsProps): ReactNode {
  const words = useTexts().storage;
  const { columns } = words;
  return (
    <table className="storage-table" aria-label={words.caption}>
      <thead>
        <tr>
          <th scope="col">{columns.model}</th>
          <th scope="col">{columns.format}</th>
          <th scope="col">{columns.size}</th>
          <th scope="col">{columns.kept}</th>
          <th scope="col">
            <span className="unseen">{columns.actions}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {models.map((model) => (
          <KeptRow key={model.key} model={model} onRemove={onRemove} />
        ))}
      </tbody>
    </table>
  );
}

function KeptRow({ model, onRemove }: { readonly model: KeptModel; readonly onRemove: KeptModelsProps["onRemove"] }): ReactNode {
  const words = useTexts().storage;
  const free = useLab(canChangeModel);
  const changing = useLab((state) => state.storage.changing);
  const { load } = useActions();
  const { guard, question } = useGuardedLoad();
  const { name, from, commit, quantization, bytes, keptAt } = model;
  const origin = [...(from === name ? [] : [from]), ...(commit === null ? [] : [commit.slice(0, 7)])];
  return (
    <tr>
      <th scope="row">
        {name} {origin.length > 0 && <span className="faint-text">{origin.join(" · ")}</span>}
      </th>
      <td data-label={words.columns.format}>{quantization}</td>
      <td data-label={words.columns.size}>{formatBytes(bytes)}</td>
      <td data-label={words.columns.kept}>{formatDay(keptAt)}</td>
      <td>
        <Button tone="quiet" aria-label={words.loadOne(name)} disabled={!free} onClick={() => guard(() => void load(keptRequest(model)))}>
          {words.load}
        </Button>
        <Button tone="quiet" aria-label={words.removeOne(name)} disabled={changing || !free} onClick={() => onRemove(model.key)}>
          {words.remove}
        </Button>
        {question}
      </td>
    </tr>
  );
}
