import type { Kind } from '../../config/settings/kind.ts';
import { serveFields } from '../../config/settings/serve-fields.ts';
import { described, type Field, type Setting } from '../../config/settings/setting.ts';
import { settings } from '../../config/settings/table.ts';
import { SqlqError } from '../../errors.ts';
import { fileName, flag, grouped, longName, type OptionDefinition, type OptionsOf } from './option.ts';

/** Which database, and which part of it. */
export const databaseOptions = grouped('Database', {
  db: option(settings.database),
  schema: option(settings.schemas),
  include: option(settings.include),
  exclude: option(settings.exclude),
  hide: option(settings.hide),
  trustFunction: option(settings.trustFunctions),
  trustGuard: option(settings.trustGuard),
  type: option(settings.types),
  read: option(settings.reading),
  refresh: flag('--refresh', 'read the schema anew'),
  timeout: option(settings.timeout),
});

/** Which model, and what it may be told. */
export const modelOptions = grouped('Model', {
  profile: option(settings.profile),
  model: option(settings.model),
  baseUrl: option(settings.baseUrl),
  maxTokens: option(settings.maxTokens),
  temperature: option(settings.temperature),
  lookSteps: option(settings.lookSteps),
  budget: option(settings.budget),
  cache: option(settings.cache),
  send: option(settings.send),
  docs: option(settings.docs),
});

/** How SQL runs and where its rows go. */
export const rowOptions = grouped('Rows', {
  format: option(settings.format),
  output: fileName('-o, --output <file>', 'write the rows to a file, whole or not at all'),
  limit: option(settings.limit),
  yes: flag('-y, --yes', 'run without asking'),
  pager: flag('--no-pager', 'print what is larger than the window, and open no pager on it'),
  dryRun: flag('-n, --dry-run', 'print the SQL and run nothing'),
  csvSafe: option(settings.csvSafe),
  write: flag('--write', 'allow one statement that changes rows; --write=ddl: or tables'),
  writeDdl: { ...flag('--write-ddl', ''), isHidden: true },
  maxRowsScanned: option(settings.maxRowsScanned),
  maxCost: option(settings.maxCost),
  strict: option(settings.strict),
  doubts: option(settings.doubts),
  memoryLimit: option(settings.memoryLimit),
});

/** What every command takes. */
export const commonOptions = grouped('Every command', {
  report: fileName('--report <file>', 'write what was done to a file, as one JSON object'),
  logJson: fileName(
    '--log-json <file>',
    'append each event to a file, as one JSON object a line: times, steps, tokens, no rows',
  ),
  force: flag('--force', 'replace a file that is there and no earlier result'),
  verbose: flag('-v, --verbose', 'say more on stderr'),
  quiet: flag('-q, --quiet', 'say nothing on stderr but errors'),
  color: option(settings.color),
});

/** Whose word counts for a server, and for what works on what is the server's. */
export const configOption = fileName('--config <file>', 'read the settings of this file instead of your own');

/** Where the users of a server are. */
export const usersOption = fieldOption('--users <place>', serveFields.users);

/** What commands that print a list take. */
export const jsonOption = { json: flag('--json', 'print JSON') };

export type CommonOptions = OptionsOf<typeof commonOptions>;
export type DatabaseOptions = OptionsOf<typeof databaseOptions>;
export type ModelOptions = OptionsOf<typeof modelOptions>;
export type RowOptions = OptionsOf<typeof rowOptions>;

/** All that a setting can be given by, and what every command takes. */
export type SettingOptions = CommonOptions & DatabaseOptions & ModelOptions & RowOptions;

/** The flag of a setting. */
function option<Value>(row: Setting<Value>): OptionDefinition<Value> {
  const { kind, offFlag, offAbout = '', onAbout = described(row) } = row;
  if (row.flag === null) {
    return { flags: offFlag ?? '', description: offAbout };
  }
  return {
    flags: row.flag,
    description: onAbout,
    ...(offFlag !== undefined && { opposite: { flags: offFlag, description: offAbout } }),
    ...reading(row.flag, kind),
  };
}

/** A flag that gives what a key of an object in a settings file may give too. */
export function fieldOption<Value>(flags: string, { kind, about }: Field<Value>): OptionDefinition<Value> {
  return { flags, description: about, ...reading(flags, kind) };
}

/** How a flag's text is read; nothing for a flag that takes none. */
function reading<Value>(flags: string, kind: Kind<Value>): Pick<OptionDefinition<Value>, 'choices' | 'read'> {
  const name = longName(flags);
  return {
    ...(kind.choices !== undefined && { choices: kind.choices }),
    ...(/[<[]/u.test(flags) && {
      read(part: string, before: Value | undefined): Value {
        const value = kind.read(part);
        if (value === null) {
          throw new SqlqError('usage', `${name} takes ${kind.wanted}, not "${part}".`);
        }
        return kind.join !== undefined && before !== undefined ? kind.join(before, value) : value;
      },
    }),
  };
}
