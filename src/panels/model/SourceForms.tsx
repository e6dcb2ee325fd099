import { useState } from "react";
import type { ReactNode } from "react";
import { useActions, useLab } from "../../store/lab.ts";
import { readAddress, readRepository } from "../../store/sourceRef.ts";
import type { SourceReading } from "../../store/sourceRef.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { Button } from "../../ui/Button.tsx";
import { TextField } from "../../ui/Field.tsx";
import { FilePick } from "../../ui/FilePick.tsx";
import { readPicked } from "./pickedFiles.ts";

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
  const words = useTexts().choice;
  const { repository, revision, endpoint } = useLab((state) => state.choice.form);
  const { setSourceForm } = useActions();
  const { issue, submit } = useReading();
  return (
    <SourceForm title={words.anyRepository} onSubmit={() => submit(readRepository(repository, revision, endpoint))}>
      <div className="choice-repository">
        <TextField
          label={words.repository[0]}
          hint={words.repository[1]}
          placeholder={words.repositoryPlaceholder}
          value={repository}
          error={issue === "repository" ? words.issues.repository : undefined}
          onChange={(text) => setSourceForm({ repository: text })}
        />
        <TextField
          label={words.revision[0]}
          hint={words.revision[1]}
          placeholder={words.revisionPlaceholder}
          value={revision}
          onChange={(text) => setSourceForm({ revision: text })}
        />
      </div>
      <details open={endpoint !== ""}>
        <summary>{words.advanced}</summary>
        <TextField
          label={words.endpoint[0]}
          hint={words.endpoint[1]}
          placeholder={words.endpointPlaceholder}
          value={endpoint}
          error={issue === "endpoint" ? words.issues.endpoint : undefined}
          onChange={(text) => setSourceForm({ endpoint: text })}
        />
      </details>
    </SourceForm>
  );
}

function AddressForm(): ReactNode {
  const words = useTexts().choice;
  const address = useLab((state) => state.choice.form.address);
  const { setSourceForm } = useActions();
  const { issue, submit } = useReading();
  return (
    <SourceForm title={words.byAddress} onSubmit={() => submit(readAddress(address))}>
      <TextField
        label={words.address[0]}
        hint={words.address[1]}
        placeholder={words.addressPlaceholder}
        value={address}
        error={issue === "address" ? words.issues.address : undefined}
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
  const words = useTexts().choice;
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
      <Button type="submit">{words.check}</Button>
    </form>
  );
}

function FilesForm(): ReactNode {
  const words = useTexts().choice;
  const { checkFiles } = useActions();
  return (
    <section className="choice-form" aria-label={words.byFiles}>
      <h3>{words.byFiles}</h3>
      <p className="faint">{words.filesNote}</p>
      <div className="choice-line">
        <FilePick label={words.pickFiles} hint={words.pickFilesHint} onPick={(files) => void checkFiles(async () => readPicked(files))} />
        <FilePick folder label={words.pickFolder} onPick={(files) => void checkFiles(async () => readPicked(files))} />
      </div>
    </section>
  );
}
