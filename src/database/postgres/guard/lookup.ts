import type { Session } from '../session.ts';
import { askCatalog } from '../transaction/catalog.ts';
import { arrayText, runBatch, type Step } from '../wire/batch.ts';
import { withoutAbsent } from './absent-types.ts';
import type { CatalogFunction, Lookup, Names } from './catalog.ts';
import type { GuardContext, GuardSetup } from './context.ts';
import { functionQuery } from './function-query.ts';
import { lookupQuery, plainLookupQuery } from './lookup-query.ts';

/** Everything that the guard wants to know about the names of a statement, or about the words of a function's body. */
export async function lookUp(context: GuardContext, names: Names): Promise<Lookup> {
  const { session, searchPath } = context;
  if (names.words.length === 0) {
    const plain = readPlain(await ask(session, plainQuestion(session, names, searchPath)));
    if (plain !== null) {
      return plain;
    }
  }
  return fullLookUp(context, names);
}

/** As `lookUp` for a statement, in a transaction that begins with it; `hold` as of `askCatalog`. */
export async function lookUpFirst<T>(
  setup: GuardSetup,
  names: Names,
  work: (context: GuardContext, found: Lookup) => Promise<T>,
  hold: (result: T) => boolean,
): Promise<T> {
  return askCatalog(
    setup.session,
    (searchPath) => plainQuestion(setup.session, names, searchPath),
    async (searchPath, answer) => {
      const context = { ...setup, searchPath };
      return work(context, readPlain(answer) ?? (await fullLookUp(context, names)));
    },
    hold,
  );
}

/** The look-up that is enough for most statements. */
function plainQuestion(session: Session, names: Names, searchPath: readonly string[]): Step {
  return session.kept.step(plainLookupQuery, [
    ...namesAsked(names, searchPath),
    names.assigns ? 'true' : 'false',
    arrayText(names.operatorClasses),
  ]);
}

/** Null where there is more to ask. */
function readPlain(answer: string): Lookup | null {
  const plain: Lookup & { readonly more: boolean } = JSON.parse(answer);
  return plain.more ? null : plain;
}

async function fullLookUp({ session, searchPath }: GuardContext, names: Names): Promise<Lookup> {
  const answer = await ask(
    session,
    session.kept.step(lookupQuery(session.majorVersion), [
      ...namesAsked(names, searchPath),
      arrayText(names.words),
      names.assigns ? 'true' : 'false',
      arrayText(names.typeIds.map(String)),
      arrayText(names.operatorClasses),
    ]),
  );
  return withoutAbsent(JSON.parse(answer), names);
}

/** What both look-ups begin with. */
function namesAsked(names: Names, searchPath: readonly string[]): readonly (string | null)[] {
  return [
    arrayText(names.relations.map((relation) => relation.schema)),
    arrayText(names.relations.map((relation) => relation.name)),
    names.anySchema === true ? null : arrayText(searchPath),
    arrayText([...new Set(names.calls.map((call) => call.name))]),
    arrayText([...new Set(names.operators.map(({ name }) => name))]),
    arrayText([...new Set(names.types.map((type) => type.name))]),
  ];
}

/** The one cell of the answer. */
async function ask({ client }: Session, step: Step): Promise<string> {
  const [rows] = await runBatch(client, [step]);
  const answer = rows?.[0]?.[0] ?? null;
  if (answer === null) {
    throw new Error('the catalog did not answer');
  }
  return answer;
}

/** Functions by id. */
export async function functionsById(
  { session }: GuardContext,
  ids: readonly number[],
): Promise<readonly CatalogFunction[]> {
  const functions = functionQuery('p.oid = ANY ($1::int8[]::oid[])', session.majorVersion);
  const text = `SELECT coalesce(json_agg(f), '[]') AS found FROM (${functions}) AS f`;
  return JSON.parse(await ask(session, session.kept.step(text, [arrayText(ids.map(String))])));
}
