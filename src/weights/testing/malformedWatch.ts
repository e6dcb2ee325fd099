/** Watches what is allocated, so that a file cannot make its reader take more memory than the file has bytes for. */

const watched = ["Uint8Array", "Uint16Array", "Uint32Array", "Int32Array", "Float32Array", "Float64Array", "ArrayBuffer"] as const;
type Bytes = { readonly byteLength: number };

/**
 * @param onAllocation is given the bytes of each typed array, buffer and `Array.from` that `work` makes
 * @returns what `work` returns
 */
export async function watchAllocations<T>(onAllocation: (bytes: number) => void, work: () => Promise<T>): Promise<T> {
  const { from } = Array;
  const own = new Map(watched.map((name) => [name, globalThis[name]]));
  for (const [name, type] of own) Object.assign(globalThis, { [name]: reporting(type, onAllocation) });
  Object.assign(Array, {
    from: (...args: never[]) => {
      const list = Reflect.apply(from, Array, args) as unknown[];
      onAllocation(8 * list.length);
      return list;
    },
  });
  try {
    return await work();
  } finally {
    Object.assign(Array, { from });
    Object.assign(globalThis, Object.fromEntries(own));
  }
}

function reporting<T extends new (...args: never[]) => Bytes>(type: T, onAllocation: (bytes: number) => void): T {
  const reporter: T = new Proxy(type, {
    construct(target, args: unknown[], made) {
      // Before it is made: a size that no machine has throws in the constructor.
      const [size] = args;
      if (typeof size === "number") onAllocation(size * ("BYTES_PER_ELEMENT" in target ? Number(target.BYTES_PER_ELEMENT) : 1));
      return Reflect.construct(target, args, made === reporter ? target : made) as Bytes;
    },
  });
  return reporter;
}
