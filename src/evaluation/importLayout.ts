import type { EditRecord } from "./editSet.ts";
import type { Row, RowFields } from "./rowFields.ts";

/** What a row says; the id may be left to the import. */
export type ReadRecord = Omit<EditRecord, "id" | "subject"> & { readonly id: string | undefined; readonly subject: string | undefined };

/** One way in which rows hold edits. */
export interface ImportLayout {
  /** As messages name it, with the fields that tell it from others. */
  readonly name: string;
  fits(row: Row): boolean;
  /** Faults are reported to `fields`; the record then does not count. */
  read(fields: RowFields): ReadRecord;
}
