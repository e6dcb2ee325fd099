import { useId } from "react";
import type { ReactNode } from "react";
import { Term } from "./Term.tsx";

interface FieldShape {
  readonly label: string;
  /** Shown as a tooltip on the label; a note is always visible. */
  readonly hint?: string | undefined;
  readonly note?: string | undefined;
  readonly error?: string | undefined;
  readonly disabled?: boolean | undefined;
}

interface Control {
  readonly id: string;
  readonly "aria-describedby": string | undefined;
  readonly "aria-invalid": true | undefined;
}

/** Label, control, note and error of one field, tied together for screen readers. */
function Field({ label, hint, note, error, children }: FieldShape & { readonly children: (control: Control) => ReactNode }): ReactNode {
  const id = useId();
  const described = [note && `${id}-note`, error && `${id}-error`].filter(Boolean).join(" ");
  return (
    <div className="field">
      <label htmlFor={id}>{hint === undefined ? label : <Term hint={hint}>{label}</Term>}</label>
      {children({ id, "aria-describedby": described || undefined, "aria-invalid": error ? true : undefined })}
      {error && (
        <p className="field-error" id={`${id}-error`}>
          {error}
        </p>
      )}
      {note && (
        <p className="field-note" id={`${id}-note`}>
          {note}
        </p>
      )}
    </div>
  );
}

export interface TextFieldProps extends FieldShape {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly placeholder?: string | undefined;
  /** More than one makes it a text area. */
  readonly rows?: number;
  readonly numeric?: boolean;
  /** Neither shown, nor remembered by the browser. */
  readonly secret?: boolean;
  readonly onSubmit?: (() => void) | undefined;
}

export function TextField({
  value,
  onChange,
  placeholder,
  rows = 1,
  numeric = false,
  secret = false,
  onSubmit,
  disabled,
  ...field
}: TextFieldProps): ReactNode {
  return (
    <Field {...field}>
      {(control) =>
        rows > 1 ? (
          <textarea
            {...control}
            rows={rows}
            value={value}
            placeholder={placeholder}
            disabled={disabled}
            spellCheck={false}
            onChange={(event) => onChange(event.target.value)}
            onKeyDown={(event) => {
              if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || !onSubmit) return;
              event.preventDefault();
              onSubmit();
            }}
          />
        ) : (
          <input
            {...control}
            type={secret ? "password" : "text"}
            inputMode={numeric ? "decimal" : undefined}
            value={value}
            placeholder={placeholder}
            disabled={disabled}
            spellCheck={false}
            autoComplete="off"
            onChange={(event) => onChange(event.target.value)}
          />
        )
      }
    </Field>
  );
}

export interface SelectFieldProps<V extends string> extends FieldShape {
  readonly value: V;
  readonly options: readonly { readonly value: V; readonly label: string }[];
  readonly onChange: (value: V) => void;
}

export function SelectField<V extends string>({ value, options, onChange, disabled, ...field }: SelectFieldProps<V>): ReactNode {
  return (
    <Field {...field}>
      {(control) => (
        <select {...control} value={value} disabled={disabled} onChange={(event) => onChange(event.target.value as V)}>
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

export interface CheckFieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly disabled?: boolean;
}

export function CheckField({ label, hint, checked, onChange, disabled }: CheckFieldProps): ReactNode {
  return (
    <label className="check" title={hint}>
      <input type="checkbox" checked={checked} disabled={disabled} onChange={(event) => onChange(event.target.checked)} />
      <span>{label}</span>
    </label>
  );
}
