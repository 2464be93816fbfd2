import type { Session } from '../session.ts';
import { askCatalog } from '../transaction.ts';
import { arrayText, runBatch, type Step } from '../wire/batch.ts';
import { withoutAbsent } from './absent-types.ts';
import type { CatalogFunction, Lookup, Names } from './catalog.ts';
import type { GuardContext, GuardSetup } from './context.ts';
import { functionQuery, lookupQuery, plainLookupQuery } from './lookup-query.ts';

/** Everything that the guard wants to know about the names of a statement, or about the words of a function's body. */
export async function lookUp(context: GuardContext, names: Names): Promise<Lookup> {
  const { session, searchPath } = context;
  if (names.words.length === 0) {
    const [rows] = await runBatch(session.client, [plainQuestion(names, searchPath)]);
    const plain = readPlain(rows?.[0]?.[0] ?? 'null');
    if (plain !== null) {
      return plain;
    }
  }
  return fullLookUp(context, names);
}

/** As `lookUp` for a statement, in a transaction that begins with it. */
export async function lookUpFirst<T>(
  setup: GuardSetup,
  names: Names,
  work: (context: GuardContext, found: Lookup) => Promise<T>,
): Promise<T> {
  return askCatalog(
    setup.session,
    (searchPath) => plainQuestion(names, searchPath),
    async (searchPath, answer) => {
      const context = { ...setup, searchPath };
      return work(context, readPlain(answer) ?? (await fullLookUp(context, names)));
    },
  );
}

/** The look-up that is enough for most statements. */
function plainQuestion(names: Names, searchPath: readonly string[]): Step {
  return {
    text: plainLookupQuery,
    values: [
      ...namesAsked(names, searchPath).map((each) => (each === null ? null : arrayText(each))),
      names.assigns ? 'true' : 'false',
    ],
  };
}

/** Null where there is more to ask. */
function readPlain(answer: string): Lookup | null {
  const plain: (Lookup & { readonly more: boolean }) | null = JSON.parse(answer);
  if (plain === null) {
    throw new Error('the catalog did not answer');
  }
  return plain.more ? null : plain;
}

async function fullLookUp({ session, searchPath }: GuardContext, names: Names): Promise<Lookup> {
  const found = await ask<Lookup>(session, lookupQuery(session.majorVersion), [
    ...namesAsked(names, searchPath),
    names.words,
    names.assigns,
    names.typeIds,
  ]);
  return withoutAbsent(found, names);
}

/** What both look-ups begin with. */
function namesAsked(
  names: Names,
  searchPath: readonly string[],
): readonly (readonly (string | null)[] | null)[] {
  return [
    names.relations.map((relation) => relation.schema),
    names.relations.map((relation) => relation.name),
    names.anySchema === true ? null : searchPath,
    [...new Set(names.calls.map((call) => call.name))],
    [...new Set(names.operators.map(({ name }) => name))],
    [...new Set(names.types.map((type) => type.name))],
  ];
}

/** The query has no name: servers that look like one of our own may share a backend, where a name is another's already. */
async function ask<T>(session: Session, text: string, values: unknown[]): Promise<T> {
  const { rows } = await session.client.query<{ found: T }>({
    text,
    values,
  });
  const [row] = rows;
  if (row === undefined) {
    throw new Error('the catalog did not answer');
  }
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
