/** A call of a fake, as it was made. */
export interface FakeCall {
  readonly name: string;
  readonly arguments: readonly unknown[];
}

/** A fake of an interface: what it was called with, and the interface itself. */
export interface Fake<Interface> {
  readonly calls: readonly FakeCall[];
  /** The arguments of each call of one name. */
  of(name: keyof Interface & string): readonly (readonly unknown[])[];
  readonly value: Interface;
}

/**
 * A fake of an interface that does what is scripted, records each call, and throws where something is asked of it that
 * nobody scripted.
 */
export function fake<Interface extends object>(what: string, scripted: Partial<Interface>): Fake<Interface> {
  const calls: FakeCall[] = [];
  // Whatever is not scripted throws, so that the part stands for the whole.
  const value = new Proxy(scripted as Interface, {
    get(target, name, receiver) {
      const held: unknown = Reflect.get(target, name, receiver);
      if (typeof held !== 'function') {
        if (name in target || typeof name === 'symbol' || name === 'then') {
          return held;
        }
        throw new Error(`nothing was scripted for ${what}.${name}`);
      }
      return (...given: readonly unknown[]): unknown => {
        calls.push({ name: String(name), arguments: given });
        return Reflect.apply(held, target, given);
      };
    },
  });
  return {
    calls,
    of: (name) => calls.filter((call) => call.name === name).map((call) => call.arguments),
    value,
  };
}

/** Gives scripted values one by one, and throws when they are used up. */
export function inTurn<Value>(what: string, values: readonly Value[]): () => Value {
  const left = [...values];
  return () => {
    const next = left.shift();
    if (next === undefined) {
      throw new Error(`nothing more was scripted for ${what}`);
    }
    return next;
  };
}
