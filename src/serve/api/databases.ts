import * as z from 'zod';

/** `GET /v1/databases`. */
export const databasesSchema = z.object({
  databases: z.array(
    z.object({
      name: z.string(),
      /** Null where the database can't be opened now. */
      engine: z.string().nullable(),
      /** The database without user and password, for those who see to others; null where it can't be opened now. */
      place: z.string().nullable(),
      /** Whether it is meant where none is named. */
      usual: z.boolean(),
    }),
  ),
});

/** What `GET /v1/schema` is of; the usual database unless one is named. */
export const schemaQuerySchema = z.object({ database: z.string().max(200).optional() });

const columnSchema = z.object({
  name: z.string(),
  type: z.string(),
  nullable: z.boolean(),
  comment: z.string().nullable(),
});

const tableSchema = z.object({
  name: z.string(),
  schema: z.string(),
  kind: z.string(),
  comment: z.string().nullable(),
  columns: z.array(columnSchema),
  primaryKey: z.array(z.string()),
  foreignKeys: z.array(
    z.object({
      columns: z.array(z.string()),
      references: z.object({ schema: z.string(), table: z.string(), columns: z.array(z.string()) }),
    }),
  ),
});

/** `GET /v1/schema`: what the caller may read of a database. */
export const schemaReplySchema = z.object({
  database: z.string(),
  engine: z.string(),
  tables: z.array(tableSchema),
});

/** `GET /v1/models`: the profiles that the caller may name. */
export const modelsSchema = z.object({
  models: z.array(
    z.object({
      profile: z.string(),
      provider: z.string(),
      /** Null where the server says which it has only when it is asked. */
      model: z.string().nullable(),
      /** Whether it stays on the server's own machine. */
      local: z.boolean(),
      /** Whether it is asked where none is named. */
      usual: z.boolean(),
    }),
  ),
});

export type Databases = z.infer<typeof databasesSchema>;
export type SchemaReply = z.infer<typeof schemaReplySchema>;
export type Models = z.infer<typeof modelsSchema>;
