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
export function countForMoney({ tokens }: Analysis, query: SelectQuery): string | null {
  const said =
    /\b(?:paid|pays|spent|spends|earned|earns|donated|donates|contributed|costs|weighs|weighed) (?:the )?(?:most|least)\b(?! (?:often|times|frequently|\w+s\b))/u.exec(
      tokens.map(({ lower }) => lower).join(' '),
    )?.[0];
  const orders = [
    ...query.order,
    ...conditionsOf(query.where).flatMap((condition) =>
      condition.kind === 'scalar' || condition.kind === 'in' ? condition.query.order : [],
    ),
  ];
  return said !== undefined && orders.some(({ by }) => by.aggregate === 'count')
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

/** Whether the rows of a table are people, or belong to some. */
function hasPeople({ schemaIndex }: Analysis, id: number): boolean {
  const isPeople = (table: number): boolean =>
    (schemaIndex.tables[table]?.words ?? []).some((word) => people.has(word)) ||
    (schemaIndex.tables[table]?.columns ?? []).some((column) =>
      /\b(?:(?:first|last|full) ?name|birth|born|gender|sex)\b/u.test(
        schemaIndex.columns[column]?.words.join(' ') ?? '',
      ),
    );
  return isPeople(id) || schemaIndex.links.some(({ from, to }) => from === id && isPeople(to));
}

/** `how many people travelled on the Petrel` asks for no number of ships. */
export function thingsForPeople(analysis: Analysis, query: SelectQuery): string | null {
  const { question, schemaIndex } = analysis;
  const counts = query.select.some(({ aggregate }) => aggregate === 'count');
  const isNamed = schemaIndex.tables.some(({ words }) =>
    words.some((word) => /^(?:people|person)$/u.test(word)),
  );
  return counts &&
    !isNamed &&
    /\bhow many (?:people|persons)\b/iu.test(question) &&
    ![query.from, ...query.joins.map(({ table }) => table)].some((id) => hasPeople(analysis, id))
    ? `The question asks for people, and the rows of ${schemaIndex.tables[query.from]?.name ?? ''} are none.`
    : null;
}

/** `cancelled bookings` are those that say so themselves, and not those of what was cancelled. */
export function flagOfOther({ schemaIndex, tables, tokens }: Analysis, query: SelectQuery): string | null {
  const compared = conditionsOf(query.where).flatMap((condition) =>
    condition.kind === 'compare' && condition.right.kind === 'text'
      ? [
          {
            text: condition.right.text.toLowerCase(),
            table: schemaIndex.columns[condition.left.column ?? -1]?.table,
          },
        ]
      : [],
  );
  for (const [at, { lower }] of tokens.entries()) {
    const rows = tables.find(({ start, weakest }) => start === at + 1 && weakest >= 0.85)?.id;
    const own = (schemaIndex.tables[rows ?? -1]?.columns ?? [])
      .flatMap((id) => schemaIndex.columns[id] ?? [])
      .find(({ ownWords }) => ownWords.length === 1 && isForm(lower, ownWords[0] ?? ''));
    if (own !== undefined && compared.some(({ text, table }) => table !== rows && isForm(text, lower))) {
      return `"${lower}" may be what ${own.name} says of these rows, or what another table says.`;
    }
  }
  return null;
}

/** `who repaired the most tools`: the tools are what something was done to, and nobody's names. */
export function thingForPerson(
  { schemaIndex, tables, tokens }: Analysis,
  { select }: SelectQuery,
): string | null {
  const who = tokens.slice(0, 6).findIndex(({ lower }) => lower === 'who');
  const isPerson = (id: number | null): boolean => {
    const column = schemaIndex.columns[id ?? -1];
    const table = schemaIndex.tables[column?.table ?? -1];
    return (
      column?.words.some((word) => /^(?:first|last|full|given|family|surname|forename)$/u.test(word)) ===
        true || [...(column?.words ?? []), ...(table?.words ?? [])].some((word) => people.has(word))
    );
  };
  const column = schemaIndex.columns[select[0]?.column ?? -1];
  const table = schemaIndex.tables[column?.table ?? -1];
  const isObject =
    who >= 0 &&
    tables.some(({ id, start, weakest }) => id === table?.id && start > who + 1 && weakest >= 0.85);
  // A text may say who did something: `winner`, `signed_by`.
  const isDoer = column?.ownWords.some((word) => /(?:er|or|ist|ian|ant|ee|man|by)$/u.test(word)) === true;
  const tells = column?.primary === true || column?.words.includes('name') === true || !isDoer;
  return isObject && tells && !select.some(({ column: id }) => isPerson(id)) && select[0]?.aggregate === null
    ? `The question asks who, and ${table?.name ?? ''}.${column?.name ?? ''} names nobody.`
    : null;
}

/** `who joined this year`: a day is nobody. */
export function dateForPerson({ schemaIndex, tokens }: Analysis, { select }: SelectQuery): string | null {
  const isDay = ({ column, aggregate }: SelectQuery['select'][number]): boolean =>
    aggregate === null && schemaIndex.columns[column ?? -1]?.class === 'date';
  return tokens[0]?.lower === 'who' && select.length > 0 && select.every(isDay)
    ? 'The question asks who, and a date is nobody.'
    : null;
}
