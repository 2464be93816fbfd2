import * as z from 'zod';
import type { Zod } from './kind.ts';
import { databaseFields, notesField, profileFields, urlField } from './objects.ts';
import { serveFields } from './serve-fields.ts';
import { described, type Field } from './setting.ts';
import { mapSettings, type SettingName, type Values } from './values.ts';

/** The checks of an object's keys, none of which has to be there. */
type ShapeOf<Fields> = {
  [Name in keyof Fields]: Fields[Name] extends Field<infer Value> ? z.ZodOptional<z.ZodType<Value>> : never;
};

/** The checks of the settings that a file may hold; those that it may not are left out. */
type SettingsShape = { [Name in SettingName]: z.ZodOptional<z.ZodType<NonNullable<Values[Name]>>> };

/** Each by its own name: the bundler leaves out what is not named. */
const zod: Zod = {
  array: z.array,
  boolean: z.boolean,
  enum: z.enum,
  int: z.int,
  NEVER: z.NEVER,
  number: z.number,
  record: z.record,
  strictObject: z.strictObject,
  string: z.string,
  union: z.union,
};

const name = z.string().min(1);

/** A profile of `profiles`. */
export const profileSchema = z.strictObject(shapeOf(profileFields));

/** A database of `databases`, written out. */
export const databaseSchema = z.strictObject({
  url: urlField.kind.schema(zod).describe(sentence(urlField.about)),
  ...shapeOf(databaseFields),
});

/** The block `serve`. */
export const serveSchema = z.strictObject(shapeOf(serveFields));

/** `.sqlqrc`, whole. */
export const settingsSchema = z.strictObject({
  $schema: z.string().optional().describe('The JSON Schema of this file, for editors.'),
  ...settingsShape(),
  profiles: z.record(name, profileSchema).optional().describe('Profiles of your own, by name.'),
  databases: z
    .record(name, z.union([name, databaseSchema], 'expected a URL, a path, or an object with a url'))
    .optional()
    .describe('Databases by name: a URL or path, or an object with more.'),
  serve: serveSchema
    .optional()
    .describe("What `sqlq serve` has flags for; in the user's own file alone, or the one of --config."),
  notes: notesField.kind.schema(zod).optional().describe(sentence(notesField.about)),
});

/** One settings file, parsed: absent means not set. */
export type Settings = z.output<typeof settingsSchema>;
export type ProfileSettings = z.output<typeof profileSchema>;
export type ServeSettings = z.output<typeof serveSchema>;
export type DatabaseSettings = z.output<typeof databaseSchema>;

/** A part of a sentence as one of its own. */
export function sentence(part: string): string {
  return `${part.slice(0, 1).toUpperCase()}${part.slice(1)}.`;
}

function settingsShape(): SettingsShape {
  const shape = mapSettings<SettingsShape>((row) =>
    row.files === 'none'
      ? undefined
      : row.kind
          .schema(zod)
          .optional()
          .describe(sentence(described(row))),
  );
  return Object.fromEntries(
    Object.entries(shape).filter(([, check]) => check !== undefined),
  ) as SettingsShape;
}

function shapeOf<Fields extends Readonly<Record<string, Field<unknown>>>>(fields: Fields): ShapeOf<Fields> {
  return Object.fromEntries(
    Object.entries(fields).map(([key, { kind, about }]) => [
      key,
      kind.schema(zod).optional().describe(sentence(about)),
    ]),
  ) as ShapeOf<Fields>;
}
