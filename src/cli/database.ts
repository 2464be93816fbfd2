import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Effective } from '../config/load.ts';
import { resolveTarget } from '../config/target.ts';
import type { Access, SchemaFilter } from '../database/database.ts';
import { type DatabaseClient, openDatabase } from '../database/process/client.ts';
import type { Target } from '../database/target.ts';
import { cachedSchema } from '../schema/cache.ts';
import type { Schema } from '../schema/schema.ts';
import type { CommandContext } from './context.ts';
import type { Setup } from './setup.ts';

/** The database of a run, in its own process. */
export interface OpenedDatabase {
  readonly client: DatabaseClient;
  readonly target: Target;
  readonly filter: SchemaFilter;
  /** Everything that decides what is read of it: the key of what is cached. */
  readonly identity: readonly unknown[];
  readonly send: Effective['values']['send'];
}

/** The sample shop that comes with the program. */
const sample = 'sample';

/** Resolves the database that flags, settings and variables name, and starts its process. */
export async function openConfigured(
  setup: Setup,
  context: CommandContext,
  access: Access,
): Promise<OpenedDatabase> {
  const { values, databases } = setup.settings;
  const name = values.database;
  const entry = name === null ? undefined : databases.get(name);
  const text = entry?.settings.url ?? (name === sample ? `sqlite:${sampleFile()}` : name);
  const target = await resolveTarget(text, {
    environment: context.environment,
    workingDirectory: context.workingDirectory,
    homeFolder: context.homeFolder,
    readFile: (path) => readFile(path, 'utf8'),
  });
  if (target.engine !== 'sqlite' && target.password !== null) context.secrets.add(target.password);
  const own = entry?.settings;
  const filter: SchemaFilter = {
    schemas: own?.schemas ?? values.schemas,
    include: own?.include ?? values.include,
    exclude: own?.exclude ?? values.exclude,
  };
  const hide = [...values.hide, ...(own?.hide ?? [])];
  const client = openDatabase(target, {
    access,
    timeoutMilliseconds: values.timeout,
    hide,
    memoryLimit: values.memoryLimit,
    environment: context.environment,
  });
  const place =
    target.engine === 'sqlite'
      ? target.path
      : [target.engine, target.host, target.port, target.socket, target.database, target.user];
  return { client, target, filter, identity: [place, filter, hide], send: own?.send ?? values.send };
}

function sampleFile(): string {
  return fileURLToPath(
    new URL(
      import.meta.url.endsWith('.ts') ? '../../fixtures/shop/shop.sqlite' : '../fixtures/shop/shop.sqlite',
      import.meta.url,
    ),
  );
}

/** The schema, from the cache while the database's fingerprint is the same. */
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
  setup.terminal.detail(`schema: ${schema.tables.length} tables, ${cached ? 'from the cache' : 'read anew'}`);
  return schema;
}
