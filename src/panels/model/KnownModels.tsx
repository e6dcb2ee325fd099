import type { ReactNode } from "react";
import { curatedModels } from "../../store/curatedModels.ts";
import type { CuratedModel } from "../../store/curatedModels.ts";
import { useActions } from "../../store/lab.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { Button } from "../../ui/Button.tsx";
import { formatBytes, formatLarge } from "../../ui/format.ts";
import { Term } from "../../ui/Term.tsx";

/** Well-known models with what they take, so that nobody has to look it up. */
export function KnownModels(): ReactNode {
  const words = useTexts().choice;
  const { columns } = words;
  return (
    <section aria-label={words.known}>
      <h3>{words.known}</h3>
      <table className="choice-table">
        <thead>
          <tr>
            <th scope="col">{columns.model}</th>
            <th scope="col">{columns.parameters}</th>
            <th scope="col">{columns.download}</th>
            <th scope="col">
              <Term hint={columns.memory[1]}>{columns.memory[0]}</Term>
            </th>
            <th scope="col">{columns.licence}</th>
            <th scope="col">
              <span className="unseen">{columns.actions}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {curatedModels.map((model) => (
            <KnownModel key={model.id} {...model} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function KnownModel({ id, parameters, downloadBytes, weightBytes, licence, gated }: CuratedModel): ReactNode {
  const words = useTexts().choice;
  const { check } = useActions();
  const [owner, name] = id.split("/");
  return (
    <tr>
      <th scope="row">
        <span className="faint-text">{owner}/</span>
        <wbr />
        {name}
      </th>
      <td data-label={words.columns.parameters}>{formatLarge(parameters)}</td>
      <td data-label={words.columns.download}>{formatBytes(downloadBytes)}</td>
      <td data-label={words.columns.memory[0]}>{words.memoryText(formatBytes(weightBytes[4]), formatBytes(weightBytes[8]))}</td>
      <td data-label={words.columns.licence}>
        {licence} {gated && <span className="mark">{words.gated}</span>}
      </td>
      <td>
        <Button tone="quiet" aria-label={words.checkOne(id)} onClick={() => void check({ kind: "hub", id })}>
          {words.check}
        </Button>
      </td>
    </tr>
  );
}
