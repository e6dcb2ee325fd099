import type { ReactNode } from "react";
import { Barcode } from "../../charts/Barcode.tsx";
import type { ScopeDecision } from "../../engine/protocol.ts";
import { useLab } from "../../store/lab.ts";
import { nearestCode } from "../../store/selectors.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { Term } from "../../ui/Term.tsx";

/** More rows than this push the panel off the screen; the gauge shows all edits. */
const SHOWN = 3;

/** The prompt's code above the codes of the nearest edits, bit under bit. */
export function ScopeCodes({ scope }: { readonly scope: ScopeDecision }): ReactNode {
  const words = useTexts().scope;
  const edits = useLab((state) => state.edit.edits);
  const experts = useLab((state) => state.model.facts?.settings.experts ?? scope.bits);
  const nearest = [...scope.distances].sort((a, b) => a.distance - b.distance).slice(0, SHOWN);
  const set = scope.code.filter((bit) => bit === 1).length;
  return (
    <dl className="scope-codes">
      <dt>
        <Term hint={words.codes[1]}>{words.ownCode}</Term>
      </dt>
      <dd>
        <Barcode bits={scope.code} groupSize={experts} summary={words.codeSummary(words.ownCode, set, scope.bits)} />
      </dd>
      <dd />
      {nearest.map(({ edit: id, distance }) => {
        const code = nearestCode(edits.find((edit) => edit.id === id)?.codes ?? [], scope.code);
        return code === null ? null : (
          <CodeRow
            key={id}
            name={words.editCode(id)}
            distance={distance}
            code={code}
            against={scope.code}
            experts={experts}
            inScope={distance < scope.threshold}
          />
        );
      })}
    </dl>
  );
}

interface CodeRowProps {
  readonly name: string;
  readonly distance: number;
  readonly code: readonly number[];
  readonly against: readonly number[];
  readonly experts: number;
  readonly inScope: boolean;
}

function CodeRow({ name, distance, code, against, experts, inScope }: CodeRowProps): ReactNode {
  const words = useTexts().scope;
  return (
    <>
      <dt>{name}</dt>
      <dd>
        <Barcode bits={code} groupSize={experts} against={against} summary={words.codeDiffers(name, distance)} />
      </dd>
      <dd className="scope-distance" data-in-scope={inScope || undefined}>
        {words.bits(distance)}
      </dd>
    </>
  );
}
