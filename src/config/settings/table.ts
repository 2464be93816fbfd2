import { formats } from '../../render/format.ts';
import { duration, number, oneOf, onOff, sendable, size, text, texts, wholeNumber } from './kind.ts';
import { type Setting, setting } from './setting.ts';

/**
 * Every setting that has one value. Flags, variables, the schema of `.sqlqrc`, `schema.json`, `.sqlqrc.example`, the list
 * of the README and what `sqlq config` prints are made from it.
 */
export const settings = {
  profile: setting({
    kind: text,
    flag: '-p, --profile <name>',
    variable: 'SQLQ_PROFILE',
    files: 'any',
    about: 'the provider profile: openai, docker-model-runner, ollama, offline, or one of profiles',
    builtIn: null,
    unset: 'a server that answers, or offline',
    example: 'mine',
  }),
  baseUrl: setting({
    kind: text,
    flag: '--base-url <url>',
    variable: 'SQLQ_BASE_URL',
    files: 'none',
    about: 'an OpenAI-compatible server, such as http://localhost:8080/v1',
    builtIn: null,
    example: 'http://localhost:8080/v1',
  }),
  model: setting({
    kind: text,
    flag: '-m, --model <name>',
    variable: 'SQLQ_MODEL',
    files: 'any',
    about: "the model's name on its server",
    builtIn: null,
    unset: "the profile's own",
    example: 'qwen2.5-coder:7b',
  }),
  database: setting({
    kind: text,
    flag: '-d, --db <database>',
    variable: 'SQLQ_DATABASE',
    files: 'any',
    about: 'the database: a URL, a SQLite file, a name of databases, or "sample"',
    builtIn: null,
    example: 'shop',
  }),
  format: setting({
    kind: oneOf(formats),
    flag: '-f, --format <format>',
    variable: 'SQLQ_FORMAT',
    files: 'any',
    about: 'how rows are written',
    builtIn: null,
    unset: 'a table in a terminal and CSV in a pipe',
    example: 'csv',
  }),
  limit: setting({
    kind: wholeNumber(1),
    flag: '-l, --limit <number>',
    variable: 'SQLQ_LIMIT',
    files: 'any',
    about: 'stop after so many rows',
    builtIn: null,
    example: 10_000,
  }),
  timeout: setting({
    kind: duration,
    flag: '--timeout <duration>',
    variable: 'SQLQ_TIMEOUT',
    files: 'any',
    about: 'end a query after this long, such as 30s or 2m',
    builtIn: 30_000,
    example: 30_000,
  }),
  memoryLimit: setting({
    kind: size,
    flag: '--memory-limit <size>',
    variable: 'SQLQ_MEMORY_LIMIT',
    files: 'any',
    about: 'end a query that takes more memory than this, such as 512MB or 2GB',
    builtIn: 1024 ** 3,
    example: 1024 ** 3,
  }),
  repairs: setting({
    kind: wholeNumber(0, 10),
    flag: null,
    variable: 'SQLQ_REPAIRS',
    files: 'any',
    about: 'how often SQL that the database refuses goes back to the model',
    builtIn: 2,
    example: 2,
  }),
  doubts: setting({
    kind: onOff,
    flag: null,
    offFlag: '--no-doubts',
    offAbout: 'run without looking in the data for reasons to doubt the answer',
    variable: 'SQLQ_DOUBTS',
    files: 'own',
    about: 'look in the data for reasons to doubt an answer, before its rows',
    builtIn: true,
    example: true,
  }),
  doubtTimeout: setting({
    kind: duration,
    flag: null,
    variable: 'SQLQ_DOUBT_TIMEOUT',
    files: 'own',
    about: 'stop looking for doubts after this long',
    builtIn: 300,
    example: 1000,
  }),
  strict: setting({
    kind: onOff,
    flag: '--strict',
    onAbout: 'run nothing that there is a doubt about; exit code 4',
    variable: 'SQLQ_STRICT',
    files: 'any',
    about: 'run nothing that there is a doubt about',
    builtIn: false,
    example: false,
  }),
  cache: setting({
    kind: onOff,
    flag: null,
    offFlag: '--no-cache',
    offAbout: 'ask the model again where the same question was answered before',
    variable: 'SQLQ_CACHE',
    files: 'any',
    about: 'answer the same question on the same schema from the SQL of before, checked and run anew',
    builtIn: true,
    example: true,
  }),
  history: setting({
    kind: onOff,
    flag: null,
    variable: 'SQLQ_HISTORY',
    files: 'off',
    about: 'keep questions and their SQL, never rows, for sqlq history',
    builtIn: true,
    example: true,
  }),
  historyDays: setting({
    kind: wholeNumber(1),
    flag: null,
    variable: 'SQLQ_HISTORY_DAYS',
    files: 'own',
    about: 'forget answers after so many days',
    builtIn: 365,
    example: 365,
  }),
  historyAnswers: setting({
    kind: wholeNumber(1),
    flag: null,
    variable: 'SQLQ_HISTORY_ANSWERS',
    files: 'own',
    about: 'keep so many answers, the newest',
    builtIn: 10_000,
    example: 10_000,
  }),
  send: setting({
    kind: sendable,
    flag: '--send <kinds>',
    variable: 'SQLQ_SEND',
    files: 'less',
    about:
      'what a model may be sent besides names, types, enum labels and keys: comments, defaults, samples, rows, or none',
    builtIn: ['comments'],
    unset: 'comments',
    example: ['comments'],
  }),
  hide: setting({
    kind: texts,
    flag: '--hide <patterns>',
    variable: 'SQLQ_HIDE',
    files: 'more',
    about: 'columns that nobody may read, neither a model nor a query, such as "*.ssn"',
    builtIn: [],
    example: ['*.ssn', 'users.password*'],
  }),
  trustFunctions: setting({
    kind: texts,
    flag: '--trust-function <names>',
    variable: 'SQLQ_TRUST_FUNCTIONS',
    files: 'own',
    about: 'PostgreSQL functions to admit whose code the guard can not judge, such as h3_cell_to_parent',
    builtIn: [],
    example: ['h3_cell_to_parent'],
  }),
  schemas: setting({
    kind: texts,
    flag: '--schema <names>',
    variable: 'SQLQ_SCHEMAS',
    files: 'any',
    about: 'read these schemas alone; * stands for any text',
    builtIn: [],
    example: ['public'],
  }),
  include: setting({
    kind: texts,
    flag: '--include <patterns>',
    variable: 'SQLQ_INCLUDE',
    files: 'any',
    about: 'read tables that match, alone, such as "order*" or "sales.*"',
    builtIn: [],
    example: ['*'],
  }),
  exclude: setting({
    kind: texts,
    flag: '--exclude <patterns>',
    variable: 'SQLQ_EXCLUDE',
    files: 'any',
    about: 'leave out tables that match',
    builtIn: [],
    example: ['tmp_*'],
  }),
  maxRowsScanned: setting({
    kind: wholeNumber(1),
    flag: '--max-rows-scanned <number>',
    variable: 'SQLQ_MAX_ROWS_SCANNED',
    files: 'any',
    about: 'the most rows that the planner may expect to read',
    builtIn: null,
    example: 50_000_000,
  }),
  maxCost: setting({
    kind: number({ above: 0 }),
    flag: '--max-cost <number>',
    variable: 'SQLQ_MAX_COST',
    files: 'any',
    about: 'the highest cost that the planner may expect, in its own unit',
    builtIn: null,
    example: 1_000_000,
  }),
  maxTokens: setting({
    kind: wholeNumber(1),
    flag: '--max-tokens <number>',
    variable: 'SQLQ_MAX_TOKENS',
    files: 'none',
    about: 'the longest reply, in tokens',
    builtIn: null,
    unset: "the profile's own, or 2048",
    example: 2048,
  }),
  temperature: setting({
    kind: number({ from: 0, to: 2 }),
    flag: '--temperature <number>',
    variable: 'SQLQ_TEMPERATURE',
    files: 'none',
    about: 'how freely tokens are drawn; 0 takes the likeliest',
    builtIn: null,
    unset: "the profile's own, or 0",
    example: 0,
  }),
  csvSafe: setting({
    kind: onOff,
    flag: '--csv-safe',
    variable: 'SQLQ_CSV_SAFE',
    files: 'any',
    about: 'neutralise spreadsheet formulas in CSV',
    builtIn: false,
    example: true,
  }),
  color: setting({
    kind: onOff,
    flag: '--color',
    onAbout: 'always use colours',
    offFlag: '--no-color',
    offAbout: 'never use colours',
    variable: 'SQLQ_COLOR',
    files: 'any',
    about: 'colours, always or never; NO_COLOR and FORCE_COLOR count too',
    builtIn: null,
    unset: 'in a terminal alone',
    example: true,
  }),
  trustedFolders: setting({
    kind: texts,
    flag: null,
    variable: 'SQLQ_TRUSTED_FOLDERS',
    files: 'own',
    about: 'folders whose .sqlqrc counts as your own',
    builtIn: [],
    example: ['~/work'],
  }),
};

export type SettingName = keyof typeof settings;

/** The value of a setting: one of its kind, or null where nothing is built in. */
type ValueOf<Row> =
  Row extends Setting<infer Value, infer BuiltIn> ? (null extends BuiltIn ? Value | null : Value) : never;

/** All settings, whoever gave each. */
export type Values = { readonly [Name in SettingName]: ValueOf<(typeof settings)[Name]> };

/** Settings as far as somebody gave them: a command line, a variable, a file. */
export type GivenValues = { readonly [Name in SettingName]?: NonNullable<Values[Name]> | undefined };

/** The rows of the table, to be read one like the other. */
export const settingRows = Object.entries(settings) as readonly (readonly [SettingName, Setting<unknown>])[];

/** Makes an object with a key for each setting; `make` gives for each row what `Made` says of it. */
export function mapSettings<Made extends Partial<Readonly<Record<SettingName, unknown>>>>(
  make: (row: Setting<unknown>, name: SettingName) => unknown,
): Made {
  return Object.fromEntries(settingRows.map(([name, row]) => [name, make(row, name)])) as Made;
}

/** What holds where nobody says anything. */
export const builtIn: Values = mapSettings<Values>((row) => row.builtIn);
