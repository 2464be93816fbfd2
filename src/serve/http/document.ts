import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import * as z from 'zod';
import { errorReplySchema } from '../api/error.ts';

const { $schema: _dialect, ...errorSchema } = z.toJSONSchema(errorReplySchema);
const description = 'Why it was refused, or failed';
const anError = { description, content: { 'application/json': { schema: errorSchema } } };

/** A reply that the document does not describe: what it holds is another protocol's affair, or nothing. */
const anything = { type: 'null' };

/**
 * A route as the OpenAPI document has it: each can be answered with an error, which is in the words of what it is for, and
 * some want nobody to have signed in.
 */
export const documented: typeof jsonSchemaTransform = (route) => {
  const { schema, url } = jsonSchemaTransform({ ...route, schema: route.schema ?? {} });
  if (schema.hide === true) {
    return { schema, url };
  }
  const { response = null, ...rest } = schema;
  const error = response === null ? { ...anything, description } : anError;
  const replies = response ?? { '2XX': { ...anything, description: 'Done' } };
  const open = route.route.config?.isPublic === true ? { security: [] } : {};
  return { schema: { ...rest, ...open, response: { ...replies, '4XX': error, '5XX': error } }, url };
};
