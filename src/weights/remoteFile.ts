/** A file on a server, before anything of it is here. */
export interface RemoteFile {
  /** In its repository, with "/". */
  readonly path: string;
  /** Where it is asked for; may redirect. */
  readonly url: string;
  readonly bytes: number;
  /** Lower-case hex, of the whole file. */
  readonly sha256?: string;
  /** Lower-case hex: SHA-1 of "blob <bytes>\0" and the contents, as git names the file. */
  readonly gitOid?: string;
}

export type RemoteFetch = (url: string, init: RequestInit) => Promise<Response>;
