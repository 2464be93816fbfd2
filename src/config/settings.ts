import * as z from 'zod';
import { providerNames } from '../model/providers.ts';
import { formats } from '../render/format.ts';
import { parseDuration, parseSize } from './duration.ts';
import { sendKinds } from './send.ts';

const name = z.string().min(1);
const patterns = z.array(z.string().min(1));

/** Milliseconds. */
const duration = measure(parseDuration, 'a duration such as 30s, 2m or 500ms; a bare number means seconds');

/** Bytes. */
const size = measure(parseSize, 'a size such as 512MB or 2GB');

const notes = z.record(name, name);

const send = z.array(z.enum(sendKinds));

export const tlsModes = ['disable', 'require', 'verify-ca', 'verify-full'] as const;

const sampling = {
  temperature: z
    .number()
    .min(0)
    .max(2)
    .optional()
    .describe('How freely tokens are drawn; 0, the default, takes the likeliest.'),
  topP: z
    .number()
    .gt(0)
    .max(1)
    .optional()
    .describe('Draw from the likeliest tokens of this total probability.'),
  seed: z.int().optional().describe('Makes the draw repeatable on servers that can.'),
  stop: z.array(name).optional().describe('Texts that end a reply.'),
  presencePenalty: z.number().min(-2).max(2).optional().describe('Penalty on tokens that were used before.'),
  frequencyPenalty: z
    .number()
    .min(-2)
    .max(2)
    .optional()
    .describe('Penalty that grows with each use of a token.'),
  reasoningEffort: name
    .optional()
    .describe(
      'How long a reasoning model thinks: none, minimal, low, medium, high, or what its server knows.',
    ),
};

/** A profile of `profiles`. */
export const profileSchema = z.strictObject({
  provider: z
    .enum(providerNames)
    .optional()
    .describe('openai-compatible (the default) asks a server; offline needs none.'),
  baseUrl: name
    .optional()
    .describe(`The server's address with its /v1 or the like; \${VARIABLE} is filled in.`),
  model: name.optional().describe("The model's name on the server, or the deployment's."),
  apiKey: name
    .optional()
    .describe(`The key: \${VARIABLE}, or the key itself in a file that you alone can read (chmod 600).`),
  headers: z
    .record(name, z.string())
    .optional()
    .describe(`Further HTTP headers of each request; \${VARIABLE} is filled in.`),
  ...sampling,
  maxTokens: z.int().positive().optional().describe('The longest reply, in tokens.'),
  contextSize: z
    .int()
    .positive()
    .optional()
    .describe("The model's window in tokens, where its server does not tell it."),
  structured: z
    .enum(['auto', 'json_schema', 'json_object', 'tool', 'text'])
    .optional()
    .describe('How the server is made to answer in shape; auto tries from the strictest down.'),
  timeout: duration.optional().describe('Ends a request after this long, such as 2m.'),
  retries: z
    .int()
    .min(0)
    .max(10)
    .optional()
    .describe('How often a busy server is asked again; a local one never is.'),
  send: send
    .optional()
    .describe('What this server may be sent besides names, types and keys; instead of the general send.'),
});

/** A database of `databases`, written out. */
export const databaseSchema = z.strictObject({
  url: name.describe(
    `sqlite:path, a path, postgres://… or mysql://…; \${VARIABLE} is filled in, relative paths start at this file.`,
  ),
  tls: z
    .enum(tlsModes)
    .optional()
    .describe("How the connection is protected, unless the URL's sslmode says it."),
  schemas: patterns.optional().describe('Read these schemas alone.'),
  include: patterns.optional().describe('Read tables that match, alone.'),
  exclude: patterns.optional().describe('Leave out tables that match.'),
  hide: patterns
    .optional()
    .describe('Columns of this database that nobody may read, besides the general hide.'),
  send: send.optional().describe('What a model may be sent of this database, instead of the general send.'),
  notes: notes.optional().describe('What words mean in this database, besides the general notes.'),
});

/** `.sqlqrc`, whole. The table of its keys in the documentation and the editors' JSON Schema are made from it. */
export const settingsSchema = z.strictObject({
  $schema: z.string().optional().describe('The JSON Schema of this file, for editors.'),
  profile: name
    .optional()
    .describe('The provider profile: openai, docker-model-runner, ollama, offline, or one of profiles.'),
  model: name.optional().describe("The model's name, instead of the profile's own."),
  profiles: z.record(name, profileSchema).optional().describe('Profiles of your own, by name.'),
  database: name.optional().describe('The database to ask: a name of databases, a URL, or a path.'),
  databases: z
    .record(name, z.union([name, databaseSchema], 'expected a URL, a path, or an object with a url'))
    .optional()
    .describe('Databases by name: a URL or path, or an object with more.'),
  schemas: patterns.optional().describe('Read these schemas alone; * stands for any text.'),
  include: patterns.optional().describe('Read tables that match, alone, such as "order*" or "sales.*".'),
  exclude: patterns.optional().describe('Leave out tables that match.'),
  hide: patterns
    .optional()
    .describe('Columns that nobody may read, such as "*.ssn"; those of every file and flag add up.'),
  send: send
    .optional()
    .describe('What a model may be sent besides names, types, enum labels and keys; comments unless set.'),
  format: z
    .enum(formats)
    .optional()
    .describe('How rows are written; a table in a terminal and CSV in a pipe unless set.'),
  csvSafe: z.boolean().optional().describe('Neutralise spreadsheet formulas in CSV.'),
  limit: z.int().positive().optional().describe('Stop after so many rows.'),
  timeout: duration.optional().describe('End a query after this long, such as 30s or 2m; 30s unless set.'),
  memoryLimit: size
    .optional()
    .describe('End a query that takes more memory than this, such as 512MB or 2GB; 1GB unless set.'),
  maxRowsScanned: z
    .int()
    .positive()
    .optional()
    .describe('The most rows that the planner may expect to read.'),
  maxCost: z
    .number()
    .positive()
    .optional()
    .describe('The highest cost that the planner may expect, in its own unit.'),
  repairs: z
    .int()
    .min(0)
    .max(10)
    .optional()
    .describe('How often SQL that the database refuses goes back to the model; 2 unless set.'),
  cache: z
    .boolean()
    .optional()
    .describe(
      'Answer the same question on the same schema from the SQL of before, run anew; true unless set.',
    ),
  history: z
    .boolean()
    .optional()
    .describe(
      'Keep questions and their SQL, never rows, for sqlq history; true unless set. A project may turn it off alone.',
    ),
  historyDays: z
    .int()
    .positive()
    .optional()
    .describe("Forget answers after so many days; 365 unless set. In the user's file alone."),
  historyAnswers: z
    .int()
    .positive()
    .optional()
    .describe("Keep so many answers, the newest; 10000 unless set. In the user's file alone."),
  color: z
    .boolean()
    .optional()
    .describe(
      'Colours, always or never; in a terminal alone unless set. NO_COLOR and FORCE_COLOR count too.',
    ),
  notes: notes
    .optional()
    .describe(
      'What words, tables and columns mean: text, or an expression such as "orders.price * orders.quantity". A file sqlq.notes.md may hold more.',
    ),
  trustedFolders: z
    .array(name)
    .optional()
    .describe("Folders whose .sqlqrc counts as your own; in the user's file alone."),
});

/** One settings file, parsed: absent means not set. */
export type Settings = z.output<typeof settingsSchema>;
export type ProfileSettings = z.output<typeof profileSchema>;
export type DatabaseSettings = z.output<typeof databaseSchema>;

/** A number with its unit, as one text or, without it, as a number. */
function measure(parse: (value: string | number) => number | null, what: string) {
  return z.union([z.number(), z.string()]).transform((value, context) => {
    const parsed = parse(value);
    if (parsed !== null) return parsed;
    context.issues.push({ code: 'custom', message: `it has to be ${what}`, input: value });
    return z.NEVER;
  });
}
