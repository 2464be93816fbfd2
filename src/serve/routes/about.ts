import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { Schema } from '../../schema/schema.ts';
import { callerOf } from '../access.ts';
import {
  databasesSchema,
  modelsSchema,
  type SchemaReply,
  schemaQuerySchema,
  schemaReplySchema,
} from '../api/databases.ts';
import { type Me, meSchema } from '../api/me.ts';
import type { Caller } from '../caller.ts';
import { workOf } from '../http/work-of.ts';
import type { Parts } from '../parts.ts';
import { databaseOf } from '../question/work.ts';
import { databasesFor, type Workspace } from '../workspace.ts';

/** What a caller is, and may use. */
export function meOf(workspace: Pick<Workspace, 'databases' | 'access' | 'version'>, caller: Caller): Me {
  return {
    name: caller.name,
    roles: [...caller.roles],
    databases: [...databasesFor(workspace, caller)],
    profiles: caller.profiles === null ? null : [...caller.profiles],
    rowLimit: caller.rowLimit,
    by: caller.by,
    hasPassword: caller.by !== 'local' && caller.isElsewhere !== true,
    version: workspace.version,
    writable: workspace.access !== 'read',
  };
}

/** What there is to ask, and of whom. */
export function aboutRoutes(parts: Parts): FastifyPluginAsyncZod {
  const { workspace } = parts;
  return async (app) => {
    app.get(
      '/v1/me',
      { schema: { tags: ['about'], summary: 'Who asks, and what they may', response: { 200: meSchema } } },
      async (request) => meOf(workspace, callerOf(request)),
    );

    app.get(
      '/v1/databases',
      {
        config: { role: 'ask' },
        schema: {
          tags: ['about'],
          summary: 'The databases that you may ask',
          response: { 200: databasesSchema },
        },
      },
      async (request) => {
        const caller = callerOf(request);
        const names = databasesFor(workspace, caller);
        const databases = names.map(async (name, index) => {
          const database = await workspace.open(name, caller).catch(() => null);
          return {
            name,
            engine: database?.client.engine ?? null,
            place: caller.roles.has('admin') ? (database?.place ?? null) : null,
            usual: index === 0,
          };
        });
        return { databases: await Promise.all(databases) };
      },
    );

    app.get(
      '/v1/schema',
      {
        config: { role: 'ask' },
        schema: {
          tags: ['about'],
          summary: 'The tables and columns of a database that you may read',
          querystring: schemaQuerySchema,
          response: { 200: schemaReplySchema },
        },
      },
      async (request, reply) => {
        const work = workOf(parts, request, reply);
        const database = await databaseOf(work, request.query.database);
        return schemaReplyOf(database.name, await database.readSchema(work.signal));
      },
    );

    app.get(
      '/v1/models',
      {
        config: { role: 'ask' },
        schema: {
          tags: ['about'],
          summary: 'The profiles of models that you may name',
          response: { 200: modelsSchema },
        },
      },
      async (request) => {
        const { profiles } = callerOf(request);
        const models = await workspace.models();
        return { models: models.filter(({ profile }) => profiles?.includes(profile) !== false) };
      },
    );
  };
}

function schemaReplyOf(database: string, { dialect, tables }: Schema): SchemaReply {
  return {
    database,
    engine: dialect.engine,
    tables: tables.map(({ name, schema, kind, comment, columns, primaryKey, foreignKeys }) => ({
      name,
      schema,
      kind,
      comment,
      columns: columns.map(({ name: column, type, nullable, comment: said }) => ({
        name: column,
        type,
        nullable,
        comment: said,
      })),
      primaryKey: [...primaryKey],
      foreignKeys: foreignKeys.map(({ columns: own, references }) => ({
        columns: [...own],
        references: { ...references, columns: [...references.columns] },
      })),
    })),
  };
}
