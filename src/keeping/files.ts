import { EngineError } from "../lib/errors.ts";

/** One file, held by one alone, as `createSyncAccessHandle` gives it in a worker. What is written is kept for sure only after `flush`. */
export interface SyncFile {
  readonly size: number;
  /** Fewer bytes than asked for where the file ends. */
  read(at: number, length: number): Uint8Array<ArrayBuffer>;
  /** Past the end the file grows. @throws EngineError `no-space` */
  write(at: number, bytes: Uint8Array): void;
  truncate(size: number): void;
  flush(): void;
  close(): void;
}

/** One flat folder. */
export interface FileStore {
  /** @throws EngineError `storage-unavailable`; `storage-busy` while another holds the file */
  open(name: string, options: { readonly create: boolean }): Promise<SyncFile>;
  list(): Promise<readonly { readonly name: string; readonly bytes: number }[]>;
  /** Of a file that nobody holds; nothing happens where there is none. */
  remove(name: string): Promise<void>;
}

export const badProject = (message: string, options?: ErrorOptions): EngineError =>
  new EngineError("bad-project", message, "What was whole before can still be opened and exported.", options);
