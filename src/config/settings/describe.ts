import type { Effective } from '../load.ts';
import { createRedactor, redactJson } from '../redact.ts';
import { profileFields } from './objects.ts';
import type { DatabaseSettings, ProfileSettings } from './schema.ts';
import type { Setting } from './setting.ts';
import { settings } from './table.ts';
import type { Values } from './values.ts';

/** A setting in effect, and the flag, the variable or the file that says it. */
interface Described<Value> {
  readonly value: Value;
  readonly source: string;
}

/** The settings in effect as plain data, secrets taken out: of a key or a header only that it is there. */
export interface DescribedSettings {
  readonly settings: Readonly<Record<string, Described<Values[keyof Values]>>>;
  readonly profiles: Readonly<Record<string, Described<ProfileSettings>>>;
  readonly databases: Readonly<Record<string, Described<DatabaseSettings>>>;
}

const hidden = '(set)';

/** Describes the settings in effect; `secrets` are taken out wherever they stand. */
export function describeSettings(effective: Effective, secrets: readonly string[]): DescribedSettings {
  const redact = createRedactor(secrets);
  const clean = <Value>(value: Value): Value => JSON.parse(redactJson(value, redact));
  const { values, sources, profiles, databases } = effective;
  const keys = Object.keys(values).filter((key): key is keyof Values => key in sources);
  return {
    settings: Object.fromEntries(
      keys.map((key) => [key, { value: clean(values[key]), source: sources[key] }]),
    ),
    profiles: Object.fromEntries(
      [...profiles].map(([name, { settings, origin }]) => [
        name,
        { value: clean(withoutKeys(settings)), source: origin?.path ?? 'built in' },
      ]),
    ),
    databases: Object.fromEntries(
      [...databases].map(([name, { settings, origin }]) => [
        name,
        { value: clean(settings), source: origin?.path ?? 'built in' },
      ]),
    ),
  };
}

/** The same as lines, `key  value  (source)`. */
export function settingsLines({ settings, profiles, databases }: DescribedSettings): readonly string[] {
  const rows: (readonly [key: string, value: string, source: string])[] = [];
  for (const [key, { value, source }] of Object.entries(settings)) {
    rows.push([key, textOf(key, value), source]);
  }
  for (const [kind, entries] of Object.entries({ profiles, databases })) {
    for (const [name, { value, source }] of Object.entries(entries)) {
      rows.push(
        ...Object.entries(value).map(
          ([key, part]) => [`${kind}.${name}.${key}`, textOf(key, part), source] as const,
        ),
      );
    }
  }
  const width = Math.max(...rows.map(([key]) => key.length));
  return rows.map(([key, value, source]) => `${key.padEnd(width)}  ${value}  (${source})`);
}

function withoutKeys(profile: ProfileSettings): ProfileSettings {
  const { endpoints, ...rest } = profile;
  return {
    ...hiding(rest),
    ...(endpoints !== undefined && {
      endpoints: endpoints.map((endpoint) => (typeof endpoint === 'string' ? endpoint : hiding(endpoint))),
    }),
  };
}

/** Of a key or a header only that it is there. */
function hiding<Part extends Pick<ProfileSettings, 'apiKey' | 'headers'>>(part: Part): Part {
  const { apiKey, headers } = part;
  return {
    ...part,
    ...(apiKey !== undefined && { apiKey: hidden }),
    ...(headers !== undefined && {
      headers: Object.fromEntries(Object.keys(headers).map((name) => [name, hidden])),
    }),
  };
}

/** The rows that say how a value is written. */
const written: Readonly<Record<string, Pick<Setting<unknown>, 'kind'>>> = { ...profileFields, ...settings };

/** A value as one would write it in a settings file. */
function textOf(key: string, value: unknown): string {
  if (value === null) {
    return '(not set)';
  }
  const kind = written[key]?.kind;
  if (kind !== undefined && (typeof value === 'number' || kind === settings.budget.kind)) {
    return kind.write(value);
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}
