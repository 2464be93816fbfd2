import type { Analysis } from '../../analysis/analysis.ts';
import { isForm } from '../../language/form.ts';
import type { Condition } from '../../query/tree.ts';
import type { IndexedColumn, IndexedTable } from '../../schema-index/schema-index.ts';
import { isTime } from '../../time/kept.ts';
import { partAt } from '../../time/parts.ts';
import { whenAt } from '../../time/when.ts';
import { hasValue } from '../conditions/conditions.ts';
import { isPeople, ownColumns } from '../names.ts';
import { type Context, type Reading, type Rule, readOn } from '../reading.ts';
import { isTie } from '../relations/roles.ts';
import { words } from '../words.ts';

/** Words for people of whom nothing else is said. */
export const isWhoever = (word: string): boolean =>
  /^(?:who|whom|people|persons|everyone|everybody|anyone|anybody|someone|somebody)$/u.test(word);

const workHere = /\b(?:work|works|working|employed) (?:here|for us|with us)\b/u;
const comeHere =
  /^(?:customer|client|guest|patient|visitor|member|tenant|student|pupil|passenger|donor|subscriber|borrower|reader|buyer|owner|applicant|candidate|participant|attendee|player|supplier)$/u;

/** `who`, `people`, `anyone`: the rows of a table of people; of those who work here, no customers. */
export const who: Rule = (context, reading) => {
  const word = context.lowers[reading.at] ?? '';
  const isWho = word === 'who' || word === 'whom' || /^(?:any|some)(?:one|body)$/u.test(word);
  const works = workHere.test(context.lowers.join(' '));
  if (
    reading.named ||
    !isWhoever(word) ||
    !isPeople(context.analysis, context.table) ||
    (works && context.table.words.some((each) => comeHere.test(each)))
  ) {
    return [];
  }
  return [
    readOn(context, reading, reading.at + 1, `table ${context.table.name}`, {
      named: true,
      head: isWho ? 'who' : reading.head,
      more: 0.2,
    }),
  ];
};

/** The word for the rows themselves. */
export const noun: Rule = (context, reading) => {
  const { names, table, lowers } = context;
  const again = reading.named && reading.measure !== null;
  if (reading.named && !again) {
    return [];
  }
  const { schemaIndex } = context.analysis;
  const ties = schemaIndex.links.some((link) => link.from === table.id && isTie(context.analysis, link));
  let at = reading.at;
  if (again) {
    while (/^(?:of|for|from|across|the|all|our|in|each)$/u.test(lowers[at] ?? '') && lowers[at] !== 'each') {
      at++;
    }
  }
  return names.tablesAt(at).flatMap(({ id, end, cost }) =>
    // Takings are no rows of what is sold, unless those are called so.
    id !== table.id || (cost > 0 && words.revenue.has(lowers[at] ?? ''))
      ? []
      : [
          readOn(context, reading, end, again ? null : `table ${table.name}`, {
            named: true,
            plural: /s$/u.test(lowers[end - 1] ?? '') && context.lemmas[end - 1] !== lowers[end - 1],
            more: cost + (ties ? 0.3 : 0),
          }),
        ],
  );
};

/** `new members this month`, `new orders per week`: those that came to be then; by itself the word says of no row whether it is new. */
export const newcomers: Rule = (context, reading) => {
  const { analysis, lowers, names, table } = context;
  if (reading.named || lowers[reading.at] !== 'new') {
    return [];
  }
  return names
    .tablesAt(reading.at + 1)
    .filter(
      ({ id, end }) =>
        id === table.id &&
        [end, end + 1].some(
          (at) => whenAt(analysis, lowers, at)?.sure === true || partAt(lowers, at) !== null,
        ),
    )
    .map(() => readOn(context, reading, reading.at + 1, null));
};

/** `applications`, `deliveries`: rows by what a date of theirs says was done, where nothing else is called so. */
export const eventNoun: Rule = (context, reading) => {
  const { analysis, lowers, lemmas, names, table } = context;
  const { at } = reading;
  const word = lowers[at] ?? '';
  if (
    reading.named ||
    !isEventNoun(word, lemmas[at] ?? '') ||
    names.tablesAt(at).some(({ cost }) => cost < 0.3)
  ) {
    return [];
  }
  return datesOf(analysis, table).flatMap((column): Reading[] => {
    const [own] = column.ownWords;
    const missing: Condition[] = column.column.nullable ? [hasValue(analysis, column.id, false)] : [];
    return own === undefined || own === lemmas[at] || !isForm(word, own)
      ? []
      : [
          readOn(
            context,
            reading,
            at + 1,
            `table ${table.name}${missing.length > 0 ? ` with ${column.name}` : ''}`,
            {
              named: true,
              plural: true,
              conditions: [...reading.conditions, ...missing],
              more: 0.25,
            },
          ),
        ];
  });
};

/** Whether a word may be the plural of a noun made of a verb. */
export const isEventNoun = (word: string, lemma: string): boolean =>
  word.length > 6 && /s$/u.test(word) && word !== lemma;

export const datesOf = (analysis: Analysis, table: IndexedTable): readonly IndexedColumn[] =>
  ownColumns(analysis.schemaIndex, table.id).filter((column) => isTime(analysis, column));

/** `suites`, `pensioners`, `Fords`: rows by a value of theirs alone. */
export const impliedNoun: Rule = (context, reading) => {
  const last = reading.conditions.at(-1);
  const before = context.lowers[reading.at - 1] ?? '';
  if (
    reading.named ||
    last === undefined ||
    reading.lastValue === null ||
    context.names.tablesAt(reading.at - 1).some(({ cost }) => cost === 0) ||
    (reading.order === null &&
      !/s$|^\p{L}+ing$/u.test(before) &&
      // In another language, a form of the value: `Katzen`.
      context.analysis.tokens[reading.at - 1]?.translated !== true &&
      !isEvent(context, reading.lastValue))
  ) {
    return [];
  }
  // `cats` are pets of that kind, and no row of the table of kinds.
  const own = context.analysis.schemaIndex.columns[reading.lastValue]?.table === context.table.id;
  const more = isLookup(context) ? 0.75 : own ? 0.35 : 0.45;
  return [readOn(context, reading, reading.at, null, { named: true, more })];
};

/** Whether a value says what kind of event a row of the table itself is: `surgery last year`. */
const isEvent = ({ analysis, table }: Context, column: number): boolean =>
  analysis.schemaIndex.columns[column]?.table === table.id && datesOf(analysis, table).length > 0;

/** Whether the rows of a table only say what the codes of another mean. */
function isLookup({ analysis: { schemaIndex }, table }: Context): boolean {
  const refers = schemaIndex.links.some(({ from, to }) => from === table.id && to !== table.id);
  const referred = schemaIndex.links.some(({ from, to }) => to === table.id && from !== table.id);
  return referred && !refers && table.columns.length <= 3;
}

/** `which author`, `which trade`: the values of a column, of which a rank tells one. */
export const columnNoun: Rule = (context, reading) => {
  const { analysis, names, table } = context;
  const asks = reading.head === 'which' || reading.head === 'what' || reading.limit !== null;
  if (reading.named || reading.asked !== 'rows' || !asks || reading.order !== null) {
    return [];
  }
  return names.columnsAt(table.id, reading.at).flatMap(({ id, end, cost }): Reading[] => {
    const column = analysis.schemaIndex.columns[id];
    if (
      column === undefined ||
      column.class !== 'text' ||
      cost > 0 ||
      column.primary ||
      names.tablesAt(reading.at).some((hit) => hit.cost === 0)
    ) {
      return [];
    }
    return [
      readOn(context, reading, end, column.name, {
        named: true,
        ofEach: true,
        groups: [{ kind: 'column', column: id }],
        more: cost,
      }),
    ];
  });
};
