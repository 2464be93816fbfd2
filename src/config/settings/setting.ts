import type { Kind } from './kind.ts';

/**
 * What a settings file may do with a setting. One that was merely found in a folder may be anybody's: of what the user
 * says it can only send `less`, hide `more`, keep `off`.
 */
export type FileRule =
  /** Any file sets it. */
  | 'any'
  /** What each file says adds up. */
  | 'more'
  /** A found file can only leave out what the user's own allows. */
  | 'less'
  /** A found file can turn it off, and nothing else. */
  | 'off'
  /** The user's own file alone sets it. */
  | 'own'
  /** It is of the command line and the environment. */
  | 'none';

/** One setting: everything that is known of it, in one place. */
export interface Setting<Value, BuiltIn extends Value | null = Value | null> {
  readonly kind: Kind<Value>;
  /** As commander reads it; null where no flag sets it. */
  readonly flag: string | null;
  /** What the flag does, where that is not what the setting is. */
  readonly onAbout?: string;
  /** A flag that turns it off, and what that does. */
  readonly offFlag?: string;
  readonly offAbout?: string;
  readonly variable: string;
  readonly files: FileRule;
  /** What it is, as part of a sentence. */
  readonly about: string;
  /** What holds where nobody says anything; null: nothing. */
  readonly builtIn: BuiltIn;
  /** The same in words, where the value does not say it. */
  readonly unset?: string;
  /** What `.sqlqrc.example` shows. */
  readonly example: NoInfer<Value>;
}

/** One key of an object in a settings file. */
export interface Field<Value> {
  readonly kind: Kind<Value>;
  readonly about: string;
  readonly example: Value;
  readonly isRequired?: boolean;
}

/** Defines a setting. */
export function setting<Value, const BuiltIn extends NoInfer<Value> | null>(
  row: Setting<Value, BuiltIn>,
): Setting<Value, BuiltIn> {
  return row;
}

/** Defines a key of an object. */
export function field<Value>(kind: Kind<Value>, about: string, example: Value): Field<Value> {
  return { kind, about, example };
}

/** What a setting is and what holds unless it is set, as part of a sentence. */
export function described<Value>({ about, builtIn, unset, kind, files }: Setting<Value>): string {
  const fallback =
    unset ?? (builtIn === null || builtIn === false || kind.join !== undefined ? null : kind.write(builtIn));
  const rule = { more: 'those of every file and flag add up', own: "in the user's own file alone" };
  return [
    about,
    ...(fallback === null ? [] : [`${fallback} unless set`]),
    ...(files === 'more' || files === 'own' ? [rule[files]] : []),
    ...(files === 'off' ? ['a file of a project can only turn it off'] : []),
  ].join('; ');
}

/** The long name of a setting's flag; empty where it has none. */
export function longFlag({ flag, offFlag }: Pick<Setting<unknown>, 'flag' | 'offFlag'>): string {
  return /--[a-z-]+/u.exec(flag ?? offFlag ?? '')?.[0] ?? '';
}
