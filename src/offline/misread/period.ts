import type { Analysis } from '../analysis/analysis.ts';
import plain from '../data/plain.json' with { type: 'json' };
import { isForm } from '../language/form.ts';
import type { Condition, SelectQuery } from '../query/tree.ts';
import type { IndexedColumn, SchemaIndex } from '../schema-index/schema-index.ts';
import { dayOf, writeDay } from '../time/calendar.ts';

/** `who had the most orders in 2025?`: the orders of that year, not the people of that year. */
export function periodOfOwner(analysis: Analysis, query: SelectQuery): string | null {
  const { schemaIndex, tokens } = analysis;
  const tables = [query.from, ...query.joins.map(({ table }) => table)];
  const worked = [...query.select, ...query.order.map(({ by }) => by)].filter(
    ({ aggregate }) => aggregate !== null,
  );
  for (const column of datesOf(query.where).flatMap((id) => schemaIndex.columns[id] ?? [])) {
    const isNamed = column.words.some(
      (word) => telling.test(word) && tokens.some(({ lower }) => isForm(lower, word)),
    );
    const ofOthers = schemaIndex.columns.find(
      (other) =>
        other.class === 'date' &&
        other.table !== column.table &&
        ((tables.includes(other.table) && refers(schemaIndex, other.table, column.table)) ||
          worked.some(
            (each) =>
              each.column !== null &&
              isPartOf(schemaIndex, schemaIndex.columns[each.column]?.table ?? -1, other.table),
          )),
    );
    const countsOthers = worked.some(
      (each) => each.column === null || schemaIndex.columns[each.column]?.table !== column.table,
    );
    if (!isNamed && countsOthers && ofOthers !== undefined) {
      const named = (each: IndexedColumn): string =>
        `${schemaIndex.tables[each.table]?.name ?? ''}.${each.name}`;
      return `The period may be that of ${named(ofOthers)} or of ${named(column)}: say which.`;
    }
  }
  return null;
}

/** `how many tickets in 2025` by when they were scanned: a date on which something came to its end is not that of the rows, unless it is said. */
export function endForRows({ now, schemaIndex, tokens }: Analysis, query: SelectQuery): string | null {
  const today = writeDay(dayOf(now));
  const meant = [...datesOf(query.where, today), ...(query.parts?.keys() ?? [])];
  const column = meant
    .flatMap((id) => schemaIndex.columns[id] ?? [])
    .find(({ table, ownWords }) => {
      const own = ownWords.filter((word) => closing.has(word) && !/^(?:birth|born)$/u.test(word));
      const rows = schemaIndex.tables[table]?.words ?? [];
      const isSaid = tokens.some(
        ({ lower }) =>
          ownWords.some((word) => isForm(lower, word) || (word.length > 2 && lower.includes(word))) ||
          alike(lower).some((word) => ownWords.includes(word)),
      );
      return own.length > 0 && !isSaid && !own.some((word) => rows.some((row) => isForm(row, word)));
    });
  return column === undefined
    ? null
    : `${schemaIndex.tables[column.table]?.name ?? ''}.${column.name} says when something else was: say which date is meant.`;
}

const closing: ReadonlySet<string> = new Set(plain.closing);

/** Other words for a state, and those for its opposite. */
const alike = (word: string): readonly string[] => [
  ...plain.same.flatMap(([said, means = '']) => (said === word ? [means] : [])),
  ...plain.opposites.flatMap(([said = [], others = []]) => (said.includes(word) ? others : [])),
];

const refers = ({ links }: SchemaIndex, part: number, whole: number): boolean =>
  links.some(({ from, to }) => from === part && to === whole);

/** Whether the rows of a table are parts of those of another, whose name theirs begins with: the lines of an order. */
const isPartOf = (schemaIndex: SchemaIndex, part: number, whole: number): boolean =>
  part !== whole &&
  refers(schemaIndex, part, whole) &&
  (schemaIndex.tables[whole]?.words ?? []).every(
    (word, index) => schemaIndex.tables[part]?.words[index] === word,
  );

/** Words of a column's name that tell one date from another. */
const telling = /^(?!date|time|year|month)\p{L}{4,}$/u;

const isDay = /^\d{4}-\d{2}-\d{2}/u;

/** The columns that a condition compares with days, one of them left out. */
function datesOf(condition: Condition | null, but = ''): readonly number[] {
  switch (condition?.kind) {
    case 'and':
    case 'or':
      return condition.conditions.flatMap((each) => datesOf(each, but));
    case 'compare':
      return condition.right.kind === 'text' &&
        isDay.test(condition.right.text) &&
        condition.right.text !== but
        ? [condition.left.column].filter((column) => column !== null)
        : [];
    default:
      return [];
  }
}

const isYear = /^(?:19|20)\d\d$/u;
const isCode = /\b(?:postcode|postal|zip|plz|code|number|no|id)\b/u;

/** `in 2023 and 2025`: years are no postcodes, unless the question names these. */
export function yearForCode(
  { columns, question, schemaIndex }: Analysis,
  { where }: SelectQuery,
): string | null {
  if (!/\bin (?:the years? )?(?:19|20)\d\d\b/iu.test(question)) {
    return null;
  }
  const code = textsOf(where)
    .filter(({ text }) => isYear.test(text))
    .flatMap(({ column }) => schemaIndex.columns[column] ?? [])
    .find(
      ({ id, words }) =>
        isCode.test(words.join(' ')) && !columns.some((each) => each.id === id && each.weakest >= 0.85),
    );
  return code === undefined ? null : `The question may ask for a year, or for ${code.name}: say which.`;
}

/** The columns of a condition that are to be equal to a text. */
function textsOf(condition: Condition | null): readonly { readonly column: number; readonly text: string }[] {
  if (condition?.kind === 'and' || condition?.kind === 'or') {
    return condition.conditions.flatMap(textsOf);
  }
  return condition?.kind === 'compare' &&
    condition.operator === '=' &&
    condition.right.kind === 'text' &&
    condition.left.column !== null
    ? [{ column: condition.left.column, text: condition.right.text }]
    : [];
}
