import type { StandardSchemaWithJSON } from '@modelcontextprotocol/server';
import type * as z from 'zod';

/** A schema that is told without what no caller reads: each definition of a tool costs every conversation its tokens. */
export function compactSchema<Schema extends z.ZodObject>(
  schema: Schema,
): StandardSchemaWithJSON<z.input<Schema>, z.output<Schema>> {
  const { jsonSchema, ...standard } = schema['~standard'];
  return {
    '~standard': {
      ...standard,
      jsonSchema: {
        input: (options) => withoutNoise(jsonSchema.input(options)),
        output: (options) => withoutNoise(jsonSchema.output(options)),
      },
    },
  };
}

function withoutNoise(schema: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(schema).flatMap(([key, value]) =>
      key === '$schema' || (key === 'additionalProperties' && value === false)
        ? []
        : [[key, isSchema(value) ? withoutNoise(value) : value]],
    ),
  );
}

function isSchema(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
