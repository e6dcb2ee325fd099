/** The chunks used last, in memory. */
export interface Shelf<Owner extends object> {
  get(owner: Owner, index: number): Uint8Array<ArrayBuffer> | undefined;
  /** Without counting as a use. */
  has(owner: Owner, index: number): boolean;
  put(owner: Owner, index: number, bytes: Uint8Array<ArrayBuffer>): void;
  clear(): void;
}

/** @param capacity chunks; beyond it the one not used for longest goes */
export function createShelf<Owner extends object>(capacity: number): Shelf<Owner> {
  const rows: { readonly owner: Owner; readonly index: number; readonly bytes: Uint8Array<ArrayBuffer> }[] = [];
  const find = (owner: Owner, index: number): number => rows.findIndex((row) => row.owner === owner && row.index === index);
  const take = (owner: Owner, index: number) => {
    const at = find(owner, index);
    return at < 0 ? undefined : rows.splice(at, 1)[0];
  };
  return {
    get(owner, index) {
      const row = take(owner, index);
      if (row) rows.push(row);
      return row?.bytes;
    },
    has: (owner, index) => find(owner, index) >= 0,
    put(owner, index, bytes) {
      take(owner, index);
      rows.push({ owner, index, bytes });
      if (rows.length > capacity) rows.shift();
    },
    clear: () => void (rows.length = 0),
  };
}
