import { nearest } from '../../schema/nearest.ts';
import type { Schema } from '../../schema/schema.ts';

/** So many places of a name are enough to choose from. */
const mostPlaces = 4;

/**
 * Where the names that a database's error calls unknown can be found: `customers has name; orders.status`. Each word in
 * quotes, or after the word for its kind, that the schema does not have as it stands there. '' where nothing is near.
 */
export function nearNames(message: string, schema: Schema): string {
  const columns = schema.tables.flatMap((table) =>
    table.columns.map((column) => ({ name: column.name, place: `${table.name}.${column.name}` })),
  );
  const tables = schema.tables.map(({ name }) => name);
  const found = new Set<string>();
  const isOfTable = /\b(?:table|relation)\b/iu.test(message) && !/\bcolumn\b/iu.test(message);
  for (const word of wordsOf(message)) {
    const last = word.split('.').at(-1) ?? word;
    if (tables.includes(word)) {
      continue;
    }
    const table = nearest(last, tables);
    if (table !== null) {
      found.add(table);
    }
    if (isOfTable) {
      continue;
    }
    const same = columns.filter(({ name }) => name.toLowerCase() === last.toLowerCase());
    const near = nearest(last, [...new Set(columns.map(({ name }) => name))]);
    const places = same.length > 0 ? same : columns.filter(({ name }) => name === near);
    for (const { place } of places.slice(0, mostPlaces)) {
      found.add(place);
    }
  }
  return found.size === 0 ? '' : `Near names of the schema: ${[...found].join(', ')}.`;
}

/** The names that PostgreSQL, MySQL, SQLite and DuckDB quote or put at the end of such an error. */
function wordsOf(message: string): readonly string[] {
  if (
    !/unknown|does not exist|no such|not exist|not found|does not have|could not find|ambiguous|doesn.t exist|missing FROM-clause/iu.test(
      message,
    )
  ) {
    return [];
  }
  const quoted = [...message.matchAll(/["'`]([\w.$ ]{1,100})["'`]/gu)].map(([, word]) => word ?? '');
  const named = /(?:column|table|relation)s?:? (?:with name )?([\w.$]{1,100})/iu.exec(message)?.[1];
  return [...quoted, ...(named === undefined ? [] : [named])].filter((word) => !/^does$|^list$/iu.test(word));
}
