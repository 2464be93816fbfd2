import type { Session } from '../session.ts';
import { withoutAbsent } from './absent-types.ts';
import type { CatalogFunction, Lookup, Names } from './catalog.ts';
import type { GuardContext } from './context.ts';
import { functionQuery, lookupQuery, plainLookupQuery } from './lookup-query.ts';

/** Everything that the guard wants to know about the names of a statement, or about the words of a function's body. */
export async function lookUp(context: GuardContext, names: Names): Promise<Lookup> {
  const { session, searchPath } = context;
  const common = [
    names.relations.map((relation) => relation.schema),
    names.relations.map((relation) => relation.name),
    names.anySchema === true ? null : searchPath,
    [...new Set(names.calls.map((call) => call.name))],
    [...new Set(names.operators.map(({ name }) => name))],
    [...new Set(names.types.map((type) => type.name))],
  ];
  if (names.words.length === 0) {
    const plain = await ask<Lookup & { readonly more: boolean }>(session, plainLookupQuery, [
      ...common,
      names.assigns,
    ]);
    if (!plain.more) return plain;
  }
  const query = lookupQuery(session.majorVersion);
  const found = await ask<Lookup>(session, query, [...common, names.words, names.assigns, names.typeIds]);
  return withoutAbsent(found, names);
}

/** The query has no name: servers that look like one of our own may share a backend, where a name is another's already. */
async function ask<T>(session: Session, text: string, values: unknown[]): Promise<T> {
  const { rows } = await session.client.query<{ found: T }>({
    text,
    values,
  });
  const [row] = rows;
  if (row === undefined) throw new Error('the catalog did not answer');
  return row.found;
}

/** Functions by id. */
export async function functionsById(
  { session }: GuardContext,
  ids: readonly number[],
): Promise<readonly CatalogFunction[]> {
  const { rows } = await session.client.query<{ found: readonly CatalogFunction[] }>({
    text: `SELECT coalesce(json_agg(f), '[]') AS found
             FROM (${functionQuery('p.oid = ANY ($1::int8[]::oid[])', session.majorVersion)}) AS f`,
    values: [ids],
  });
  return rows[0]?.found ?? [];
}
