import type { Analysis } from '../analysis/analysis.ts';
import plain from '../data/plain.json' with { type: 'json' };
import { isForm } from '../language/form.ts';
import type { SelectQuery } from '../query/tree.ts';
import { conditionsOf } from './wording.ts';

/** `cost most`, `weighs the most`: the value that most rows have is not the one that adds up to most. */
export function commonForMost({ columns, schemaIndex, tokens }: Analysis, query: SelectQuery): string | null {
  const [order] = query.order;
  const most = tokens.findIndex(({ lower }) => /^(?:most|least|fewest)$/u.test(lower));
  const verb = tokens[most - 1]?.lower === 'the' ? most - 1 : most;
  if (most < 1 || order?.by.aggregate !== 'count' || order.by.column !== null) {
    return null;
  }
  const counted = query.group.find(
    (id) =>
      schemaIndex.columns[id]?.class === 'number' &&
      columns.some((mention) => mention.id === id && mention.end === verb),
  );
  return counted === undefined
    ? null
    : `"${tokens[verb - 1]?.lower ?? ''} most" may ask for the highest total: say "total ${schemaIndex.columns[counted]?.name ?? ''}".`;
}

/** `who is the supervisor of …`: a number that refers to someone does not say who it is. */
export function keyForPerson({ schemaIndex, tokens }: Analysis, { select }: SelectQuery): string | null {
  const asked = /^(?:who|whom|whose)$/u.test(tokens[0]?.lower ?? '');
  const [key] = select;
  const column = schemaIndex.columns[key?.column ?? -1];
  const refers = schemaIndex.links.some(({ left }) => left.length === 1 && left[0] === column?.id);
  return asked && select.length === 1 && key?.aggregate === null && column?.class === 'number' && refers
    ? `The question asks for a name, and ${column.name} holds numbers that refer to one.`
    : null;
}

/** `who issued …`: those whom a key of that name refers to, and nobody else who has to do with the rows. */
export function otherDoer({ schemaIndex, tokens }: Analysis, query: SelectQuery): string | null {
  const verb = tokens[0]?.lower === 'who' ? (tokens[1]?.lower ?? '') : '';
  const tables = new Set([query.from, ...query.joins.map(({ table }) => table)]);
  const keys = schemaIndex.links.flatMap(({ from, left }) => {
    const [id = -1] = left;
    const words = schemaIndex.columns[id]?.words ?? [];
    const doer = words.at(-1) === 'by' ? words.at(-2) : undefined;
    return left.length === 1 && tables.has(from) && doer !== undefined && isForm(verb, doer) ? [id] : [];
  });
  const joined = new Set(query.joins.flatMap(({ on }) => on.flat()));
  return query.joins.length === 0 || keys.length === 0 || keys.some((id) => joined.has(id))
    ? null
    : `The question asks who is meant by ${schemaIndex.columns[keys[0] ?? -1]?.name ?? ''}.`;
}

/** `paid the most`, `spent most`: an amount, and not how often. */
export function countForMoney({ question }: Analysis, query: SelectQuery): string | null {
  const said =
    /\b(?:paid|pays|spent|spends|earned|earns|costs|weighs|weighed) (?:the )?(?:most|least)\b(?! (?:often|times|frequently|\w+s\b))/iu.exec(
      question,
    )?.[0];
  return said !== undefined && query.order.some(({ by }) => by.aggregate === 'count')
    ? `"${said}" asks for an amount, and not for how often: say "highest total" and the amount's name.`
    : null;
}

/** `who still have tools` says what is so now, and a row that refers to them does not say that it has not ended. */
export function anyForStill({ tokens }: Analysis, query: SelectQuery): string | null {
  const still = tokens.findIndex(({ lower }) => lower === 'still');
  const owns = /^(?:have|has|own|owns|hold|holds|keep|keeps|owe|owes)$/u.test(tokens[still + 1]?.lower ?? '');
  const tellsState = conditionsOf(query.where).some(
    (condition) => condition.kind === 'compare' || (condition.kind === 'null' && !condition.negated),
  );
  return still >= 0 && owns && !tellsState
    ? `"still ${tokens[still + 1]?.lower ?? ''}" asks for what has not ended, and nothing read says which that is.`
    : null;
}

/** `how old is the Petrel` asks for years, and not for a year or a day. */
export const dateForAge = ({ question, schemaIndex }: Analysis, { select }: SelectQuery): string | null =>
  /\bhow old\b/iu.test(question) &&
  select.some(
    ({ aggregate, column }) =>
      aggregate === null &&
      /\b(?:birth|born|dob|birthday|built|year|founded|opened)\b/u.test(
        schemaIndex.columns[column ?? -1]?.words.join(' ') ?? '',
      ),
  )
    ? 'The question asks for an age, which is more than the offline engine can work out: ask when it was.'
    : null;

const people: ReadonlySet<string> = new Set(plain.people);

/** `who repaired the most tools`: the tools are what something was done to, and nobody's names. */
export function thingForPerson(
  { schemaIndex, tables, tokens }: Analysis,
  { select }: SelectQuery,
): string | null {
  const column = schemaIndex.columns[select[0]?.column ?? -1];
  const table = schemaIndex.tables[column?.table ?? -1];
  const isObject =
    tokens[0]?.lower === 'who' &&
    tables.some(({ id, start, weakest }) => id === table?.id && start > 1 && weakest >= 0.85);
  const tells = column?.primary === true || column?.words.includes('name') === true;
  const isPerson =
    column?.words.some((word) => /^(?:first|last|full|given|family)$/u.test(word)) === true ||
    [...(column?.words ?? []), ...(table?.words ?? [])].some((word) => people.has(word));
  return isObject && tells && !isPerson && select[0]?.aggregate === null
    ? `The question asks who, and ${table?.name ?? ''}.${column?.name ?? ''} names nobody.`
    : null;
}
