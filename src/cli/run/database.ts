import { createReadStream } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { configuredDatabase } from '../../config/database/configured.ts';
import type { SendKind } from '../../config/settings/send.ts';
import { copyInput } from '../../database/copy-input.ts';
import type { Access, SchemaFilter } from '../../database/database.ts';
import { dialectOf } from '../../database/engines.ts';
import { type DatabaseClient, openDatabase, type Streams } from '../../database/process/client.ts';
import { describeTarget, type FileTarget, isFile, type Target } from '../../database/target.ts';
import { SqlqError } from '../../errors.ts';
import { cachedSchema } from '../../schema/cache.ts';
import type { Schema } from '../../schema/schema.ts';
import type { CommandContext } from '../context.ts';
import { describedSchema } from './documents.ts';
import type { Setup } from './setup.ts';

/** The database of a run, in its own process. */
export interface OpenedDatabase {
  readonly client: DatabaseClient;
  readonly target: Target;
  /** Patterns of the columns that are hidden. */
  readonly hide: readonly string[];
  readonly filter: SchemaFilter;
  /** Everything that decides what is read of it: the key of what is cached. */
  readonly identity: readonly unknown[];
  /** What its own settings let a model be sent; null where they do not say. */
  readonly send: readonly SendKind[] | null;
}

/** How the process of a database is started. */
export interface Opening {
  /** Its runs may stream into a writable. */
  readonly streams?: Streams;
  /** Makes a client of what starts a process, such as one of several; a process alone where it is left out. */
  readonly manage?: (open: () => DatabaseClient, engine: string) => DatabaseClient;
}

/** Resolves the database that flags, settings and variables name, and starts its process. */
export async function openConfigured(
  setup: Setup,
  context: CommandContext,
  access: Access,
  { streams, manage = (open) => open() }: Opening = {},
): Promise<OpenedDatabase> {
  const { values } = setup.settings;
  const { target, filter, hide, send } = await configuredDatabase(setup.settings, {
    environment: context.environment,
    workingDirectory: context.workingDirectory,
    homeFolder: context.homeFolder,
    sampleFile: sampleFile(),
    readInput: (pipe) => inputFor(context, pipe),
    warn: (text) => warn(setup, text),
    detail: (text) => setup.terminal.detail(text),
  });
  setup.report.data.database = describeTarget(target);
  if (access !== 'read' && isFile(target) && target.path === sampleFile()) {
    throw sampleStays();
  }
  if (!isFile(target) && target.password !== null) {
    context.secrets.add(target.password);
  }
  if (isFile(target)) {
    await context.files.reads(filesOf(target));
  }
  const open = (): DatabaseClient =>
    openDatabase(target, {
      access,
      timeoutMilliseconds: values.timeout,
      hide,
      trustedFunctions: values.trustFunctions,
      trustGuard: values.trustGuard,
      onWarning: (text) => warn(setup, text),
      schemas: filter.schemas,
      memoryLimit: values.memoryLimit,
      environment: context.environment,
      ...(streams === undefined ? {} : { streams }),
      started: context.databaseProcess.take(),
    });
  const client = manage(open, target.engine);
  if (hide.length > 0) {
    await warnOfUnusedPatterns(client, setup, context.signal);
  }
  const place = isFile(target)
    ? [target.path, target.reading?.types ?? [], target.reading?.words ?? []]
    : [target.engine, target.host, target.port, target.socket, target.database, target.user];
  return { client, target, filter, hide, identity: [place, filter, hide], send };
}

/** A copy of what standard input or a pipe holds, for a command that has no other use for it. */
function inputFor({ command, streams, signal }: CommandContext, pipe: string | null): Promise<string> {
  if (pipe === null && (/^(?:repl$|mcp|serve)/u.test(command) || streams.stdin.readableEnded)) {
    throw new SqlqError(
      'usage',
      `Standard input can't be the data and what ${command === 'ask' ? 'asks' : 'is read'} besides.`,
      {
        hint: 'Give the question as words: cat sales.csv | sqlq ask --db - --yes "how many rows are there?"',
      },
    );
  }
  if (pipe === null && streams.stdin.isTTY === true) {
    throw new SqlqError('usage', 'There is nothing on standard input: --db - reads the data from there.', {
      hint: 'Put a program or a file before it: cat sales.csv | sqlq ask --db - --yes "how many rows are there?"',
    });
  }
  return copyInput(pipe === null ? streams.stdin : createReadStream(pipe), signal);
}

/** A database's file, and those that its engine keeps beside it. */
function filesOf({ engine, path, reading }: FileTarget): readonly string[] {
  if (reading !== undefined) {
    return reading.sources.flatMap(({ files }) => files);
  }
  const { address } = dialectOf(engine);
  return ['', ...(address.kind === 'file' ? address.besides : [])].map((ending) => path + ending);
}

/** A pattern that is misspelt hides nothing, and must not seem to. */
async function warnOfUnusedPatterns(
  client: DatabaseClient,
  setup: Setup,
  signal: AbortSignal,
): Promise<void> {
  try {
    for (const pattern of await client.unusedHidePatterns(signal)) {
      warn(setup, `"${pattern}" hides nothing: no column here fits it.`);
    }
  } catch (error) {
    await client.close();
    throw error;
  }
}

/** Says what of a database could not be read. */
export function warnOfSchema({ warnings = [] }: Schema, setup: Setup): void {
  for (const text of warnings) {
    warn(setup, text);
  }
}

/** Tells the user on stderr and in the report, once however often it is found. */
function warn({ terminal, report }: Setup, text: string): void {
  if (report.data.warnings.includes(text)) {
    return;
  }
  report.data.warnings.push(text);
  terminal.warn(terminal.style('yellow', terminal.escape(text)));
}

function sampleStays(): SqlqError {
  return new SqlqError('usage', 'The sample shop comes with sqlq and stays as it is.', {
    hint: `To change one, take a copy: cp ${sampleFile()} shop.sqlite`,
  });
}

/** The sample shop that comes with the program. */
export function sampleFile(): string {
  return fileURLToPath(
    new URL(
      import.meta.url.endsWith('.ts') ? '../../../fixtures/shop/shop.sqlite' : '../fixtures/shop/shop.sqlite',
      import.meta.url,
    ),
  );
}

/** The schema, from the cache while the database's fingerprint is the same, with what documents describe of it. */
export async function readSchema(
  database: OpenedDatabase,
  setup: Setup,
  signal: AbortSignal,
  refresh: boolean,
): Promise<Schema> {
  const { client, filter, identity } = database;
  const source = {
    fingerprint: () => client.fingerprint(signal),
    introspect: () => client.introspect(filter, signal),
  };
  const { schema, cached } = await cachedSchema(setup.cache, identity, source, refresh);
  warnOfSchema(schema, setup);
  setup.terminal.detail(`schema: ${schema.tables.length} tables, ${cached ? 'from the cache' : 'read anew'}`);
  return describedSchema(setup, database, schema);
}
