import type { SchemaFilter } from '../../database.ts';
import { glob } from '../guard/hidden/patterns.ts';

type Matches = (schema: string, name: string) => boolean;

/** Whether a filter wants a table. Patterns are on `table` or on `schema.table`; no patterns mean all. */
export function tableFilter(filter: SchemaFilter): Matches {
  const schemas = filter.schemas.map(glob);
  const include = filter.include.map(matcher);
  const exclude = filter.exclude.map(matcher);
  return (schema, name) =>
    (schemas.length === 0 || schemas.some((pattern) => pattern.test(schema))) &&
    (include.length === 0 || include.some((matches) => matches(schema, name))) &&
    !exclude.some((matches) => matches(schema, name));
}

function matcher(pattern: string): Matches {
  const dot = pattern.indexOf('.');
  const ofSchema = glob(dot < 0 ? '*' : pattern.slice(0, dot));
  const ofName = glob(pattern.slice(dot + 1));
  return (schema, name) => ofSchema.test(schema) && ofName.test(name);
}
