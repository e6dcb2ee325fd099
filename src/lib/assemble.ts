interface Part {
  dispose(): void;
}
export interface Assembled<T> {
  readonly made: T;
  /** Every part, the last first. */
  dispose(): void;
}

/** Makes something of parts that must be given back; where that ends half way, those that are there already are. */
export function assemble<T>(make: (own: <P extends Part>(part: P) => P) => T): Assembled<T> {
  const parts: Part[] = [];
  const dispose = (): void =>
    parts
      .splice(0)
      .toReversed()
      .forEach((part) => part.dispose());
  try {
    const made = make((part) => {
      parts.push(part);
      return part;
    });
    return { made, dispose };
  } catch (thrown) {
    dispose();
    throw thrown;
  }
}
