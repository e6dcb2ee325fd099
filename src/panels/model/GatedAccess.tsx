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
      {refusal && <Links {...source} />}
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

/** Where people do what the refusal asks for. */
function Links({ id, endpoint = `https://${hubHost}` }: HubRef): ReactNode {
  return (
    <ul>
      <li>
        <a href={`${endpoint}/${id}`} target="_blank" rel="noreferrer">
          {WORDS.page(id)}
        </a>
      </li>
      <li>
        <a href={WORDS.tokenAddress} target="_blank" rel="noreferrer">
          {WORDS.tokens}
        </a>
      </li>
    </ul>
  );
}
