import { isForm } from '../../language/form.ts';
import { spoken } from '../../query/spoken.ts';
import type { Aggregate } from '../../query/tree.ts';
import { plain } from '../../query/tree.ts';
import type { IndexedColumn } from '../../schema-index/schema-index.ts';
import { moneyColumns, quantities } from '../amounts.ts';
import { valueConditions } from '../conditions/values.ts';
import { isQuantity } from '../names.ts';
import { type Context, type Reading, type Rule, readOn } from '../reading.ts';
import { words } from '../words.ts';
import { datesOf } from './nouns.ts';

const aggregates: readonly (readonly [RegExp, Aggregate])[] = [
  [/^(?:the )?(?:average|mean|avg)\b/u, 'avg'],
  [/^(?:the )?(?:total|sum of|sum|combined)\b(?! (?:number|count))/u, 'sum'],
  [/^(?:the )?(?:highest|maximum|max|largest|biggest|greatest)\b/u, 'max'],
  [/^(?:the )?(?:lowest|minimum|min|smallest)\b/u, 'min'],
];

/** `average price`, `total fines`, `highest fee`, `total payments`: a column that is worked out. */
export const workedOut: Rule = (context, reading) => {
  const { analysis, lowers, names, table } = context;
  const asks = reading.head === null || reading.head === 'what';
  if (reading.named || !asks || reading.measure !== null || reading.shown.length > 0) {
    return [];
  }
  const text = lowers.slice(reading.at, reading.at + 4).join(' ');
  return aggregates.flatMap(([pattern, aggregate]): Reading[] => {
    const match = pattern.exec(text);
    if (match === null) {
      return [];
    }
    const at = reading.at + match[0].split(' ').length;
    const read = (id: number, end: number, more: number): Reading => {
      // `the sum of the prices` says what is added up.
      const held = aggregate === 'sum' && !/\bsum\b/u.test(match[0]) ? piecesOf(context, id) : null;
      const name = analysis.schemaIndex.columns[id]?.name ?? '';
      const means = `${said[aggregate]} ${held === null ? '' : `${held.name} × `}${name}`;
      return readOn(context, reading, end, means, {
        asked: aggregate,
        head: aggregate,
        measure: { ...plain(id), aggregate, ...(held === null ? {} : { times: held.id }) },
        named: true,
        more,
      });
    };
    // `the sum of repair costs`: the rows' own name may stand before.
    const places = [at, ...names.tablesAt(at).flatMap((hit) => (hit.id === table.id ? [hit.end] : []))];
    const columns = places
      .flatMap((place) => names.columnsAt(table.id, place))
      .flatMap(({ id, end, cost }) => {
        const column = analysis.schemaIndex.columns[id];
        // `highest paid teacher` asks for a teacher.
        const extreme = aggregate === 'max' || aggregate === 'min';
        return column !== undefined &&
          isQuantity(analysis, column) &&
          !(extreme && (cost > 0.2 || names.tablesAt(end).length > 0))
          ? [read(id, end, cost)]
          : [];
      });
    if (columns.length > 0) {
      return columns;
    }
    // `average VIP price`: of the rows with that value.
    const valued = valueConditions(context, at).flatMap((value): Reading[] =>
      lowers[value.end] === undefined || value.cost > 0
        ? []
        : names.columnsAt(table.id, value.end).flatMap(({ id, end, cost }) => {
            const column = analysis.schemaIndex.columns[id];
            return column === undefined || !isQuantity(analysis, column) || cost > 0.2
              ? []
              : [
                  readOn(
                    context,
                    { ...read(id, end, cost + 0.1), at: reading.at, lines: reading.lines },
                    end,
                    `${said[aggregate]} ${column.name} where ${spoken(analysis.schemaIndex).condition(value.condition)}`,
                    { conditions: [...reading.conditions, value.condition], lastValue: null },
                  ),
                ];
          }),
    );
    if (valued.length > 0) {
      return valued;
    }
    // `total of the jobs`: the column that is called so is added up.
    if (aggregate === 'sum' && lowers[at] === 'of' && match[0].endsWith('total')) {
      const called = quantities(context).find((column) => column.words.join(' ') === 'total');
      return called === undefined ? [] : [read(called.id, at, 0.05)];
    }
    // `total payments`: the one amount of the rows.
    return names.tablesAt(at).flatMap(({ id, end, cost }) => {
      const column = id === table.id ? amountOf(context) : null;
      return column === null || aggregate === 'max' || aggregate === 'min'
        ? []
        : [read(column, end, cost + 0.05)];
    });
  });
};

/** How many pieces there are of what has a price: the sum of prices by themselves is worth nothing. */
function piecesOf(context: Context, price: number): IndexedColumn | null {
  const column = context.analysis.schemaIndex.columns[price];
  const pieces = quantities(context).filter(
    ({ words: all }) =>
      !all.includes('price') && all.some((word) => /^(?:stock|quantity|qty|piece|unit)$/u.test(word)),
  );
  return column?.words.includes('price') === true && pieces.length === 1 ? (pieces[0] ?? null) : null;
}

const said: Readonly<Record<Aggregate, string>> = {
  avg: 'average',
  sum: 'sum of',
  max: 'highest',
  min: 'lowest',
  count: 'number of',
};

/** The one column that says how much a row amounts to; null where none or several do. */
export function amountOf(context: Context): number | null {
  const columns = moneyColumns(context);
  const main = columns.filter((column) => column.words.some((word) => words.amounts.has(word)));
  const [only] = main.length > 0 ? main : columns;
  return only === undefined || (main.length > 0 ? main : columns).length > 1 ? null : only.id;
}

/** `what we spent on`, `how much did we earn from`: the amount of the rows, all together. */
export const spent: Rule = (context, reading) => {
  const match =
    /^(?:what|how much|how much money) (?:did |have |has |do )?(?:we|i|they) (?:spend|spent|pay|paid|earn|earned|make|made|took|take|charge|charged)(?: in total)? (?:on|for|from|with)\b|^how much (?:money )?(?:did |have |do )?we (?:earn|earned|make|made|take|took)\b/u.exec(
      context.lowers.slice(reading.at, reading.at + 9).join(' '),
    );
  const column = reading.named || reading.head !== null ? null : amountOf(context);
  // The prices of a catalogue are asked, and not spent: nothing happened there.
  const { schemaIndex } = context.analysis;
  const happens =
    datesOf(context.analysis, context.table).length > 0 ||
    schemaIndex.links.some(({ from, to }) => from === context.table.id && to !== from);
  if (match === null || column === null || !happens) {
    return column === null ? [] : refunded(context, reading, column);
  }
  const end = reading.at + match[0].split(' ').length;
  // `how much did we earn`, of nothing in particular, is what the rows of a time brought in.
  const all = !/ (?:on|for|from|with)$/u.test(match[0]);
  if (all && datesOf(context.analysis, context.table).length === 0) {
    return [];
  }
  const pieces = piecesOf(context, column);
  const name = schemaIndex.columns[column]?.name ?? '';
  return [
    readOn(context, reading, end, `sum of ${pieces === null ? '' : `${pieces.name} × `}${name}`, {
      named: all,
      more: all ? 0.2 : 0,
      asked: 'sum',
      head: 'sum',
      measure: { ...plain(column), aggregate: 'sum', ...(pieces === null ? {} : { times: pieces.id }) },
    }),
  ];
};

/** `how much did we refund in 2025`: the amount of rows that are called as what was done. */
function refunded(context: Context, reading: Reading, column: number): readonly Reading[] {
  const { analysis, lowers, table } = context;
  const asked = /^how much(?: money)? (?:did|do|have) (?:we|they|you) (?<verb>\p{L}{4,})$/u;
  const text = lowers.slice(reading.at, reading.at + (lowers[reading.at + 2] === 'money' ? 6 : 5)).join(' ');
  const verb = asked.exec(text)?.groups?.['verb'];
  const [word, ...others] = table.words;
  return verb === undefined || word === undefined || others.length > 0 || !isForm(verb, word)
    ? []
    : [
        readOn(
          context,
          reading,
          reading.at + text.split(' ').length,
          `sum of ${table.name}.${analysis.schemaIndex.columns[column]?.name ?? ''}`,
          {
            asked: 'sum',
            head: 'sum',
            measure: { ...plain(column), aggregate: 'sum' },
            named: true,
            more: 0.1,
          },
        ),
      ];
}

/** `how many hours we spent on repairs`: an amount that is counted by its name is added up. */
export const amounted: Rule = (context, reading) => {
  const { analysis, lowers, names, table } = context;
  if (reading.named || reading.head !== null) {
    return [];
  }
  const match = /^how (?:many|much)\b/u.exec(lowers.slice(reading.at, reading.at + 2).join(' '));
  if (match === null) {
    return [];
  }
  return names.columnsAt(table.id, reading.at + 2).flatMap(({ id, end, cost }): Reading[] => {
    const column = analysis.schemaIndex.columns[id];
    if (column === undefined || cost > 0 || !quantities(context).includes(column)) {
      return [];
    }
    const tail =
      /^(?:did |do |have |has )?(?:we|they) (?:spend|spent|worked|work|used|use|had|have|sold|sell)(?: in total)?(?: (?:on|for|in|with))?\b/u.exec(
        lowers.slice(end, end + 7).join(' '),
      );
    if (tail === null) {
      return [];
    }
    return [
      readOn(context, reading, end + tail[0].split(' ').length, `sum of ${column.name}`, {
        asked: 'sum',
        head: 'sum',
        measure: { ...plain(id), aggregate: 'sum' },
        more: cost,
      }),
    ];
  });
};
