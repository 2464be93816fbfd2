import * as z from 'zod';
import { parseDuration, parseSize } from './duration.ts';

const name = z.string().min(1);
const patterns = z.array(z.string().min(1));

/** Milliseconds. */
const duration = z
  .union([z.int().positive(), z.string()])
  .refine((value) => parseDuration(String(value)) !== null, 'a duration such as 30s, 2m or 500ms')
  .transform((value) => parseDuration(String(value)) ?? 0);

/** Bytes. */
const size = z
  .union([z.int().positive(), z.string()])
  .refine((value) => parseSize(String(value)) !== null, 'a size such as 512MB or 2GB')
  .transform((value) => parseSize(String(value)) ?? 0);

/** What may leave for a model besides names, types, enum labels and keys. */
export const sendKinds = ['comments', 'defaults', 'samples', 'rows'] as const;
export type SendKind = (typeof sendKinds)[number];
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

const profile = z.strictObject({
  provider: z
    .enum(['openai-compatible', 'offline'])
    .optional()
    .describe('openai-compatible (the default) asks a server; offline needs none.'),
  baseUrl: name
    .optional()
    .describe("The server's address with its /v1 or the like; ${VARIABLE} is filled in."),
  model: name.optional().describe("The model's name on the server, or the deployment's."),
  apiKey: name
    .optional()
    .describe('The key: ${VARIABLE}, or the key itself in a file that you alone can read (chmod 600).'),
  apiKeyEnvironment: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/u, 'the name of a variable')
    .optional()
    .describe('The variable that holds the key, for whoever prefers it to apiKey.'),
  headers: z
    .record(name, z.string())
    .optional()
    .describe('Further HTTP headers of each request; ${VARIABLE} is filled in.'),
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

const database = z.strictObject({
  url: name.describe(
    'sqlite:path, a path, postgres://… or mysql://…; ${VARIABLE} is filled in, relative paths start at this file.',
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
});

/** `.sqlqrc`, whole. The table of its keys in the documentation and the editors' JSON Schema are made from it. */
export const settingsSchema = z.strictObject({
  $schema: z.string().optional().describe('The JSON Schema of this file, for editors.'),
  profile: name
    .optional()
    .describe('The provider profile: openai, docker-model-runner, ollama, offline, or one of profiles.'),
  model: name.optional().describe("The model's name, instead of the profile's own."),
  profiles: z.record(name, profile).optional().describe('Profiles of your own, by name.'),
  database: name.optional().describe('The database to ask: a name of databases, a URL, or a path.'),
  databases: z
    .record(name, z.union([name, database]))
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
    .enum(['table', 'csv', 'tsv', 'json', 'ndjson', 'markdown'])
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
  maxTokens: z
    .int()
    .positive()
    .optional()
    .describe("The longest reply, in tokens, instead of the profile's own."),
  temperature: z
    .number()
    .min(0)
    .max(2)
    .optional()
    .describe("The sampling temperature, instead of the profile's own."),
  color: z.enum(['auto', 'always', 'never']).optional().describe('Colours; auto uses them in a terminal.'),
});

/** One settings file, parsed: absent means not set. */
export type FileSettings = z.output<typeof settingsSchema>;
export type ProfileSettings = z.output<typeof profile>;
export type DatabaseSettings = z.output<typeof database>;
