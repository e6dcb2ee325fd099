/** A file whose bytes are read in ranges: a picked file, a file on disk, or one that is still being downloaded. */
export interface ByteSource {
  /** For messages, with its folders. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /**
   * Bytes begin to end, in a buffer of their own. Waits where they have yet to come.
   * @throws EngineError `bad-range` for a range outside the file, `fetch-failed`, `cancelled`, and what the file's kind adds
   */
  read(begin: number, end: number, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>>;
}

/** The files of one model. */
export interface FileSet {
  /** For people: a folder's name, a repository's id, a file's name. */
  readonly name: string;
  /** Paths with "/", without those that nobody may read. */
  readonly files: readonly string[];
  /** Undefined when there is no such file. Costs nothing until it is read. */
  open(file: string): ByteSource | undefined;
}

/** How weights are kept: as stored where there is such a format, or matrices packed to so many bits. */
export type Precision = "stored" | 4 | 8;
