import type { Aggregate } from '../query/tree.ts';
import { plain } from '../query/tree.ts';
import { moneyColumns, quantities } from './amounts.ts';
import { isPeople, isQuantity } from './names.ts';
import { type Context, type Reading, type Rule, readOn } from './reading.ts';
import { words } from './words.ts';

const aggregates: readonly (readonly [RegExp, Aggregate])[] = [
  [/^(?:the )?(?:average|mean|avg)\b/u, 'avg'],
  [/^(?:the )?(?:total|sum of|sum|combined)\b(?! (?:number|count))/u, 'sum'],
  [/^(?:the )?(?:highest|maximum|max|largest|biggest|greatest)\b/u, 'max'],
  [/^(?:the )?(?:lowest|minimum|min|smallest)\b/u, 'min'],
];

const counting = /^(?:how many|(?:the )?(?:total |overall )?(?:number|count|amount) of|count)\b/u;

/** `how many`, `the number of`: rows are counted. */
export const counted: Rule = (context, reading) => {
  const match = counting.exec(context.lowers.slice(reading.at, reading.at + 5).join(' '));
  if (match === null || reading.named || reading.head !== null) {
    return [];
  }
  const end = reading.at + match[0].split(' ').length;
  return [readOn(context, reading, end, null, { asked: 'count', head: 'how many' })];
};

/** `average price`, `total fines`, `highest fee`, `total payments`: a column that is worked out. */
export const workedOut: Rule = (context, reading) => {
  const { analysis, lowers, names, table } = context;
  if (reading.named || reading.head !== null || reading.measure !== null || reading.shown.length > 0) {
    return [];
  }
  const text = lowers.slice(reading.at, reading.at + 4).join(' ');
  return aggregates.flatMap(([pattern, aggregate]): Reading[] => {
    const match = pattern.exec(text);
    if (match === null) {
      return [];
    }
    const at = reading.at + match[0].split(' ').length;
    const read = (id: number, end: number, more: number): Reading =>
      readOn(context, reading, end, `${said[aggregate]} ${analysis.schemaIndex.columns[id]?.name ?? ''}`, {
        asked: aggregate,
        head: aggregate,
        measure: { ...plain(id), aggregate },
        named: true,
        more,
      });
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
    // `total payments`: the one amount of the rows.
    return names.tablesAt(at).flatMap(({ id, end, cost }) => {
      const column = id === table.id ? amountOf(context) : null;
      return column === null || aggregate === 'max' || aggregate === 'min'
        ? []
        : [read(column, end, cost + 0.05)];
    });
  });
};

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
    /^(?:what|how much|how much money) (?:did |have |has |do )?(?:we|i|they) (?:spend|spent|pay|paid|earn|earned|make|made|took|take|charge|charged)(?: in total)? (?:on|for|from|with)\b/u.exec(
      context.lowers.slice(reading.at, reading.at + 9).join(' '),
    );
  const column = match === null || reading.named || reading.head !== null ? null : amountOf(context);
  if (match === null || column === null) {
    return [];
  }
  const end = reading.at + match[0].split(' ').length;
  return [
    readOn(context, reading, end, `sum of ${context.analysis.schemaIndex.columns[column]?.name ?? ''}`, {
      asked: 'sum',
      head: 'sum',
      measure: { ...plain(column), aggregate: 'sum' },
    }),
  ];
};

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

/** `which`, `who`, `list the`: words that ask; before the noun they say nothing else. */
export const asking: Rule = (context, reading) => {
  const word = context.lowers[reading.at] ?? '';
  const person = word === 'who' && isPeople(context.analysis, context.table);
  if (reading.named || (!words.asking.has(word) && !person) || reading.negated) {
    return [];
  }
  const head = word === 'which' || word === 'what' || word === 'who' ? word : reading.head;
  return [
    readOn(context, reading, reading.at + 1, null, { head: reading.asked === 'rows' ? head : reading.head }),
  ];
};

/** `who`, `people`: the rows of a table of people. */
export const who: Rule = (context, reading) => {
  const word = context.lowers[reading.at] ?? '';
  const isWho = word === 'who' || word === 'whom';
  if (
    reading.named ||
    (!isWho && word !== 'people' && word !== 'persons' && word !== 'everyone' && word !== 'everybody') ||
    !isPeople(context.analysis, context.table)
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
  let at = reading.at;
  if (again) {
    while (/^(?:of|for|from|across|the|all|our|in|each)$/u.test(lowers[at] ?? '') && lowers[at] !== 'each') {
      at++;
    }
  }
  return names.tablesAt(at).flatMap(({ id, end, cost }) =>
    id !== table.id
      ? []
      : [
          readOn(context, reading, end, again ? null : `table ${table.name}`, {
            named: true,
            plural: /s$/u.test(lowers[end - 1] ?? '') && context.lemmas[end - 1] !== lowers[end - 1],
            more: cost,
          }),
        ],
  );
};

/** `suites`, `pensioners`, `Fords`: rows by a value of theirs alone. */
export const impliedNoun: Rule = (context, reading) => {
  const last = reading.conditions.at(-1);
  const before = context.lowers[reading.at - 1] ?? '';
  if (
    reading.named ||
    last === undefined ||
    reading.lastValue === null ||
    (reading.order === null && !/s$|^\p{L}+ing$/u.test(before))
  ) {
    return [];
  }
  return [readOn(context, reading, reading.at, null, { named: true, more: 0.35 })];
};

/** `names of`, `the email and phone of`: columns to be shown. */
export const shown: Rule = (context, reading) => {
  const { analysis, lowers, names, table } = context;
  if (reading.named || reading.asked !== 'rows' || reading.conditions.length > 0) {
    return [];
  }
  return names.columnsAt(table.id, reading.at).flatMap(({ id, end, cost }): Reading[] => {
    const next = lowers[end] ?? '';
    const more = next === 'and' || next === ',';
    const of = next === 'of' || next === 'for';
    if ((!more && !of) || reading.shown.includes(id)) {
      return [];
    }
    return [
      readOn(context, reading, end + 1, analysis.schemaIndex.columns[id]?.name ?? '', {
        shown: [...reading.shown, id],
        more: cost,
      }),
    ];
  });
};

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
