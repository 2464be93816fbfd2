import { SqlqError } from '../errors.ts';

/** One of the answers that a question offers. */
export interface Option<Value> {
  readonly label: string;
  readonly value: Value;
  readonly description?: string;
  /** The letter that chooses it at once. */
  readonly key?: string;
  /** Whether Esc, `q` and `n` choose it. */
  readonly leaves?: boolean;
}

/** Questions to the user, on stderr, so that stdout stays data. Ctrl-C rejects with a SqlqError `cancelled`. */
export interface Prompts {
  /** One of some options; the first is the usual one. */
  select<Value>(message: string, options: readonly Option<Value>[]): Promise<Value>;
  input(message: string): Promise<string>;
  /** No unless the user says yes. */
  confirm(message: string): Promise<boolean>;
}

/** Questions of which one is for a secret, whose letters are not shown. */
export interface SecretPrompts extends Prompts {
  secret(message: string): Promise<string>;
}

/** The option that a key chooses by itself; null where it chooses none. */
export function optionOf<Value>(options: readonly Option<Value>[], key: string): Option<Value> | null {
  const wanted = key.toLowerCase();
  const own = options.find((option) => option.key === wanted);
  if (own !== undefined) {
    return own;
  }
  const leaving = wanted === 'escape' || wanted === 'q' || wanted === 'n';
  return leaving ? (options.find(({ leaves }) => leaves === true) ?? null) : null;
}

/** What a run ends with when its user stops it. */
export function cancelled(): SqlqError {
  return new SqlqError('cancelled', 'Cancelled.');
}
