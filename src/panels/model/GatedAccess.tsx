import { useState } from "react";
import type { ReactNode } from "react";
import type { ErrorFacts } from "../../lib/errors.ts";
import { useActions, useLab } from "../../store/lab.ts";
import { hostOf, hubHost, takesToken } from "../../store/sourceRef.ts";
import type { HubRef } from "../../store/sourceRef.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { problemText } from "../problemText.ts";
import { Button } from "../../ui/Button.tsx";
import { TextField } from "../../ui/Field.tsx";

export interface GatedAccessProps {
  readonly source: HubRef;
  /** The refusal; null where the repository let us in. */
  readonly refusal: ErrorFacts | null;
}

/** What to do for a gated repository, and the token for it: it leaves this field for the actions' memory, and nothing else holds it. */
export function GatedAccess({ source, refusal }: GatedAccessProps): ReactNode {
  const texts = useTexts();
  const words = texts.gated;
  const host = hostOf(source);
  const given = useLab((state) => state.choice.tokenHosts.includes(host));
  const { forgetTokens } = useActions();
  return (
    <section className="gated" aria-label={words.title}>
      {refusal && (
        <div role="alert">
          <strong>{words.refused}</strong>
          <p>{problemText(texts, refusal)}</p>
        </div>
      )}
      {refusal && <Links {...source} />}
      {refusal && (takesToken(source) ? <TokenForm source={source} host={host} /> : <p>{words.noToken(host)}</p>)}
      {given && (
        <div className="choice-line">
          <p>{words.given(host)}</p>
          <Button onClick={forgetTokens}>{words.forget}</Button>
        </div>
      )}
      {!refusal && !given && <p>{words.title}</p>}
    </section>
  );
}

function TokenForm({ source, host }: { readonly source: HubRef; readonly host: string }): ReactNode {
  const texts = useTexts();
  const words = texts.gated;
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
      <TextField secret label={words.token} note={words.privacy(host)} value={token} onChange={setToken} />
      <Button type="submit" tone="primary" disabled={token.trim() === ""}>
        {words.use}
      </Button>
      <Button onClick={() => void check(source)}>{texts.check.again}</Button>
    </form>
  );
}

/** Where people do what the refusal asks for. */
function Links({ id, endpoint = `https://${hubHost}` }: HubRef): ReactNode {
  const words = useTexts().gated;
  return (
    <ul>
      <li>
        <a href={`${endpoint}/${id}`} target="_blank" rel="noreferrer">
          {words.page(id)}
        </a>
      </li>
      <li>
        <a href={words.tokenAddress} target="_blank" rel="noreferrer">
          {words.tokens}
        </a>
      </li>
    </ul>
  );
}
