import { useState } from "react";
import type { ReactNode } from "react";
import type { ErrorFacts } from "../../lib/errors.ts";
import { useActions, useLab } from "../../store/lab.ts";
import { hostOf, hubHost, takesToken } from "../../store/sourceRef.ts";
import type { HubRef } from "../../store/sourceRef.ts";
import { Button } from "../../ui/Button.tsx";
import { TextField } from "../../ui/Field.tsx";
import { texts } from "../texts.ts";

const WORDS = texts.gated;

export interface GatedAccessProps {
  readonly source: HubRef;
  /** The refusal; null where the repository let us in. */
  readonly refusal: ErrorFacts | null;
}

/** What to do for a gated repository, and the token for it: it leaves this field for the actions' memory, and nothing else holds it. */
export function GatedAccess({ source, refusal }: GatedAccessProps): ReactNode {
  const host = hostOf(source);
  const given = useLab((state) => state.choice.tokenHosts.includes(host));
  const { forgetTokens } = useActions();
  return (
    <section className="gated" aria-label={WORDS.title}>
      {refusal && (
        <div role="alert">
          <strong>{WORDS.refused}</strong>
          <p>{refusal.message}</p>
          <p>{refusal.hint}</p>
        </div>
      )}
      {refusal && takesToken(source) && <Steps id={source.id} />}
      {refusal && (takesToken(source) ? <TokenForm source={source} host={host} /> : <p>{WORDS.noToken(host)}</p>)}
      {given && (
        <div className="choice-line">
          <p>{WORDS.given(host)}</p>
          <Button onClick={forgetTokens}>{WORDS.forget}</Button>
        </div>
      )}
      {!refusal && !given && <p>{WORDS.title}</p>}
    </section>
  );
}

function TokenForm({ source, host }: { readonly source: HubRef; readonly host: string }): ReactNode {
  const { check, giveToken } = useActions();
  const [token, setToken] = useState("");
  return (
    <form
      className="gated-token"
      onSubmit={(event) => {
        event.preventDefault();
        setToken("");
        void giveToken(token);
      }}
    >
      <TextField secret label={WORDS.token} note={WORDS.privacy(host)} value={token} onChange={setToken} />
      <Button type="submit" tone="primary" disabled={token.trim() === ""}>
        {WORDS.use}
      </Button>
      <Button onClick={() => void check(source)}>{texts.check.again}</Button>
    </form>
  );
}

function Steps({ id }: { readonly id: string }): ReactNode {
  return (
    <ol>
      <li>
        <Linked parts={WORDS.steps(id)} address={`https://${hubHost}/${id}`} />
      </li>
      <li>
        <Linked parts={WORDS.tokenStep} address={WORDS.tokenAddress} />
      </li>
    </ol>
  );
}

/** @param parts before the link, the link, after it */
function Linked({ parts: [before, link, after], address }: { readonly parts: readonly string[]; readonly address: string }): ReactNode {
  return (
    <>
      {before}
      <a href={address} target="_blank" rel="noreferrer">
        {link}
      </a>
      {after}
    </>
  );
}
