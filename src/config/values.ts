import type { SendKind } from './send.ts';
import type { Settings } from './settings.ts';

/** A setting that has one value, whoever gave it. */
export interface Values {
  readonly profile: string | null;
  readonly baseUrl: string | null;
  readonly model: string | null;
  readonly database: string | null;
  readonly format: Settings['format'] | null;
  readonly limit: number | null;
  readonly timeout: number;
  readonly memoryLimit: number;
  readonly repairs: number;
  readonly cache: boolean;
  readonly history: boolean;
  readonly historyDays: number;
  readonly historyAnswers: number;
  readonly send: readonly SendKind[];
  readonly hide: readonly string[];
  readonly schemas: readonly string[];
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly maxRowsScanned: number | null;
  readonly maxCost: number | null;
  readonly maxTokens: number | null;
  readonly temperature: number | null;
  readonly csvSafe: boolean;
  readonly color: boolean | null;
}

/** What the command line says, before anything is read: only what was given. */
export type FlagValues = { readonly [Key in keyof Values]?: NonNullable<Values[Key]> | undefined };

/** What holds where nobody says anything. */
export const builtIn: Values = {
  profile: null,
  baseUrl: null,
  model: null,
  database: null,
  format: null,
  limit: null,
  timeout: 30_000,
  memoryLimit: 1024 ** 3,
  repairs: 2,
  cache: true,
  history: true,
  historyDays: 365,
  historyAnswers: 10_000,
  send: ['comments'],
  hide: [],
  schemas: [],
  include: [],
  exclude: [],
  maxRowsScanned: null,
  maxCost: null,
  maxTokens: null,
  temperature: null,
  csvSafe: false,
  color: null,
};

/** Values without those that nobody gave. */
export function given(values: Values): FlagValues {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== null && value !== undefined),
  );
}

/** What a file says of them. */
export function fileValues(settings: Settings): FlagValues {
  const { profile, model, database, format, limit, timeout, memoryLimit, repairs, cache, send, hide } =
    settings;
  const { schemas, include, exclude, maxRowsScanned, maxCost, csvSafe, color } = settings;
  const { history, historyDays, historyAnswers } = settings;
  return {
    profile,
    model,
    database,
    format,
    limit,
    timeout,
    memoryLimit,
    repairs,
    cache,
    history,
    historyDays,
    historyAnswers,
    send,
    hide,
    schemas,
    include,
    exclude,
    maxRowsScanned,
    maxCost,
    csvSafe,
    color,
  };
}
