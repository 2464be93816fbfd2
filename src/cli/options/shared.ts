import { parseDuration, parseSize } from '../../config/duration.ts';
import { formats } from '../../render/format.ts';
import { choice, flag, list, type OptionsOf, parsed, text, wholeNumber } from './option.ts';

/** Which database, and which part of it. */
export const databaseOptions = {
  db: text('-d, --db <database>', 'URL, SQLite file, name of a configured database, or "sample"'),
  schema: list('--schema <names>', 'read these schemas alone'),
  include: list('--include <patterns>', 'read tables that match, such as "order*" or "sales.*"'),
  exclude: list('--exclude <patterns>', 'leave out tables that match'),
  hide: list('--hide <patterns>', 'columns that nobody may read, such as "*.ssn"'),
  refresh: flag('--refresh', 'read the schema anew'),
  timeout: parsed(
    '--timeout <duration>',
    'end a query after this long, such as 30s or 2m',
    parseDuration,
    'a duration such as 30s, 2m or 500ms',
  ),
};

/** Which model, and what it may be told. */
export const modelOptions = {
  profile: text(
    '-p, --profile <name>',
    'provider profile: openai, docker-model-runner, ollama, offline, or your own',
  ),
  model: text('-m, --model <name>', "the model's name on its server"),
  baseUrl: text('--base-url <url>', 'an OpenAI-compatible server, such as http://localhost:8080/v1'),
  maxTokens: wholeNumber('--max-tokens <number>', 'the longest reply'),
  temperature: parsed(
    '--temperature <number>',
    'sampling temperature',
    parseTemperature,
    'a number from 0 to 2',
  ),
  cache: flag('--no-cache', 'ask the model again where the same question was answered before'),
  send: list(
    '--send <kinds>',
    'what may leave besides names, types and keys: comments, defaults, samples, rows, or none',
  ),
};

/** How SQL runs and where its rows go. */
export const rowOptions = {
  format: choice(
    '-f, --format <format>',
    'how rows are written; a table in a terminal, CSV in a pipe',
    formats,
  ),
  output: text('-o, --output <file>', 'write the rows to a file, whole or not at all'),
  limit: wholeNumber('-l, --limit <number>', 'stop after so many rows'),
  yes: flag('-y, --yes', 'run without asking'),
  dryRun: flag('-n, --dry-run', 'print the SQL and run nothing'),
  csvSafe: flag('--csv-safe', 'neutralise spreadsheet formulas in CSV'),
  write: flag('--write', 'allow one statement that changes rows; --write=ddl: or tables'),
  writeDdl: { ...flag('--write-ddl', ''), isHidden: true },
  maxRowsScanned: wholeNumber(
    '--max-rows-scanned <number>',
    'the most rows that the planner may expect to read',
  ),
  maxCost: parsed(
    '--max-cost <number>',
    'the highest cost that the planner may expect',
    parsePositive,
    'a number above 0',
  ),
  memoryLimit: parsed(
    '--memory-limit <size>',
    'end a query that takes more memory, such as 512MB',
    parseSize,
    'a size such as 512MB or 2GB',
  ),
};

/** What every command takes. */
export const commonOptions = {
  report: text('--report <file>', 'write what was done to a file, as one JSON object'),
  verbose: flag('-v, --verbose', 'say more on stderr'),
  quiet: flag('-q, --quiet', 'say nothing on stderr but errors'),
  color: {
    ...flag('--color', 'always use colours'),
    opposite: { flags: '--no-color', description: 'never use colours' },
  },
};

/** What commands that print a list take. */
export const jsonOption = { json: flag('--json', 'print JSON') };

export type CommonOptions = OptionsOf<typeof commonOptions>;
export type DatabaseOptions = OptionsOf<typeof databaseOptions>;
export type ModelOptions = OptionsOf<typeof modelOptions>;
export type RowOptions = OptionsOf<typeof rowOptions>;

/** All that a setting can be given by, and what every command takes. */
export type SettingOptions = CommonOptions & DatabaseOptions & ModelOptions & RowOptions;

function parsePositive(part: string): number | null {
  const number = Number(part);
  return part.trim() !== '' && Number.isFinite(number) && number > 0 ? number : null;
}

function parseTemperature(part: string): number | null {
  const number = Number(part);
  return part.trim() !== '' && number >= 0 && number <= 2 ? number : null;
}
