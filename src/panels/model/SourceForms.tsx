import { useState } from "react";
import type { ReactNode } from "react";
import { useActions, useLab } from "../../store/lab.ts";
import { readAddress, readRepository } from "../../store/sourceRef.ts";
import type { SourceReading } from "../../store/sourceRef.ts";
import { Button } from "../../ui/Button.tsx";
import { TextField } from "../../ui/Field.tsx";
import { FilePick } from "../../ui/FilePick.tsx";
import { texts } from "../texts.ts";
import { readPicked } from "./pickedFiles.ts";

const WORDS = texts.choice;

/** Any other source: a repository, an address, files. */
export function SourceForms(): ReactNode {
  return (
    <div className="choice-forms">
      <RepositoryForm />
      <AddressForm />
      <FilesForm />
    </div>
  );
}

type Issue = Extract<SourceReading, { issue: string }>["issue"];

/** Checks what was read from a form, or says what is wrong with it. */
function useReading(): { readonly issue: Issue | null; readonly submit: (reading: SourceReading) => void } {
  const [issue, setIssue] = useState<Issue | null>(null);
  const { check } = useActions();
  const submit = (reading: SourceReading): void => {
    setIssue("issue" in reading ? reading.issue : null);
    if ("source" in reading) void check(reading.source);
  };
  return { issue, submit };
}

function RepositoryForm(): ReactNode {
  const { repository, revision, endpoint } = useLab((state) => state.choice.form);
  const { setSourceForm } = useActions();
  const { issue, submit } = useReading();
  return (
    <SourceForm title={WORDS.anyRepository} onSubmit={() => submit(readRepository(repository, revision, endpoint))}>
      <div className="choice-repository">
        <TextField
          label={WORDS.repository[0]}
          hint={WORDS.repository[1]}
          placeholder={WORDS.repositoryPlaceholder}
          value={repository}
          error={issue === "repository" ? WORDS.issues.repository : undefined}
          onChange={(text) => setSourceForm({ repository: text })}
        />
        <TextField
          label={WORDS.revision[0]}
          hint={WORDS.revision[1]}
          placeholder={WORDS.revisionPlaceholder}
          value={revision}
          onChange={(text) => setSourceForm({ revision: text })}
        />
      </div>
      <details open={endpoint !== ""}>
        <summary>{WORDS.advanced}</summary>
        <TextField
          label={WORDS.endpoint[0]}
          hint={WORDS.endpoint[1]}
          placeholder={WORDS.endpointPlaceholder}
          value={endpoint}
          error={issue === "endpoint" ? WORDS.issues.endpoint : undefined}
          onChange={(text) => setSourceForm({ endpoint: text })}
        />
      </details>
    </SourceForm>
  );
}

function AddressForm(): ReactNode {
  const address = useLab((state) => state.choice.form.address);
  const { setSourceForm } = useActions();
  const { issue, submit } = useReading();
  return (
    <SourceForm title={WORDS.byAddress} onSubmit={() => submit(readAddress(address))}>
      <TextField
        label={WORDS.address[0]}
        hint={WORDS.address[1]}
        placeholder={WORDS.addressPlaceholder}
        value={address}
        error={issue === "address" ? WORDS.issues.address : undefined}
        onChange={(text) => setSourceForm({ address: text })}
      />
    </SourceForm>
  );
}

interface SourceFormProps {
  readonly title: string;
  readonly onSubmit: () => void;
  readonly children: ReactNode;
}

function SourceForm({ title, onSubmit, children }: SourceFormProps): ReactNode {
  return (
    <form
      className="choice-form"
      aria-label={title}
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      <h3>{title}</h3>
      {children}
      <Button type="submit">{WORDS.check}</Button>
    </form>
  );
}

function FilesForm(): ReactNode {
  const { checkFiles } = useActions();
  return (
    <section className="choice-form" aria-label={WORDS.byFiles}>
      <h3>{WORDS.byFiles}</h3>
      <p className="faint">{WORDS.filesNote}</p>
      <div className="choice-line">
        <FilePick label={WORDS.pickFiles} hint={WORDS.pickFilesHint} onPick={(files) => void checkFiles(async () => readPicked(files))} />
        <FilePick folder label={WORDS.pickFolder} onPick={(files) => void checkFiles(async () => readPicked(files))} />
      </div>
    </section>
  );
}
