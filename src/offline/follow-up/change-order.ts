import type { Analysis } from '../analysis/analysis.ts';
import { type Expression, plain } from '../query/tree.ts';
import { namedColumns } from './columns.ts';
import { dateColumns } from './dates.ts';
import { changed, columnName, type Draft, findWords, type Span } from './draft.ts';
import { fits, measureOf } from './measure.ts';
import { tablesOf } from './reach.ts';

/** Words for a direction, and what they put in order: the longest phrases first. */
const directions: readonly {
  readonly words: string;
  readonly of: 'order' | 'measure' | 'date' | 'price' | 'name';
  readonly descending: boolean;
}[] = [
  { words: 'most recent|newest|latest', of: 'date', descending: true },
  { words: 'least recent|oldest|earliest|chronological(?:ly)?', of: 'date', descending: false },
  { words: 'most expensive|priciest|dearest', of: 'price', descending: true },
  { words: 'least expensive|cheapest', of: 'price', descending: false },
  { words: '(?:in )?alphabetical(?:ly)?(?: order)?', of: 'name', descending: false },
  {
    words: 'descending|desc|decreasing|from high to low|from highest to lowest|z to a',
    of: 'order',
    descending: true,
  },
  {
    words: 'ascending|asc|increasing|from low to high|from lowest to highest|a to z',
    of: 'order',
    descending: false,
  },
  { words: '(?<!at )(?:highest|largest|biggest|greatest|most)', of: 'measure', descending: true },
  { words: '(?<!at )(?:lowest|smallest|least|fewest)', of: 'measure', descending: false },
];

/** An order by what the words name or mean, or the same order the other way round. */
export function changeOrder(draft: Draft): readonly Draft[] {
  const { query, analysis } = draft;
  const back = findWords(
    draft,
    /\b(?:the other way (?:a)?round|(?:in )?reversed?(?: (?:it|them|order))?|opposite order)\b/u,
  );
  if (back !== null && query.order.length > 0) {
    return list(
      changed(draft, [back], 'the order the other way round', {
        order: query.order.map(({ by, descending }) => ({ by, descending: !descending })),
      }),
    );
  }
  const sorting = findWords(
    draft,
    /\b(?:(?:re)?sort(?:ed)?|order(?:ed)?|rank(?:ed)?|arranged?)(?: (?:it|them|this|that|these|those|the (?:rows|results?|list)))?(?: (?:descending|ascending|desc|asc))? by\b|\btop \d+ by\b/u,
  );
  const direction = directionIn(draft);
  if (sorting === null && direction === null) {
    return [draft];
  }
  const by = sorting === null ? null : orderedBy(draft, sorting.end);
  if (sorting !== null && by === null) {
    return [draft];
  }
  const expression = by?.expression ?? meant(draft, direction?.of ?? 'order');
  if (expression === null || !fits(query, expression)) {
    return [draft];
  }
  const isTop = sorting?.match[0].startsWith('top') === true;
  const spans: Span[] = [
    ...(sorting === null ? [] : [isTop ? { start: sorting.end - 1, end: sorting.end } : sorting]),
    ...(by === null ? [] : [by]),
    ...(direction === null ? [] : [direction]),
  ];
  const descending = direction?.descending ?? (isTop || expression.aggregate !== null);
  return list(
    changed(
      draft,
      spans.sort((a, b) => a.start - b.start),
      `ordered by ${describe(analysis, expression)}, ${descending ? 'highest' : 'lowest'} first${query.limit === null || isTop ? '' : `, of which the first ${query.limit}`}`,
      { order: [{ by: expression, descending }] },
    ),
  );
}

function directionIn(draft: Draft): (Span & Pick<(typeof directions)[number], 'of' | 'descending'>) | null {
  for (const { words, of, descending } of directions) {
    const found = findWords(draft, new RegExp(`\\b(?:the )?(?:${words})(?: ones)?(?: first)?(?= )`, 'u'));
    if (found !== null) {
      return { start: found.start, end: found.end, of, descending };
    }
  }
  return null;
}

/** What a word such as `newest` or `cheapest` puts in order; null where the query has no such thing, or several. */
function meant(draft: Draft, of: (typeof directions)[number]['of']): Expression | null {
  const { query, analysis } = draft;
  const { schemaIndex } = analysis;
  const own = schemaIndex.columns.filter(({ table }) => tablesOf(query).includes(table));
  const only = (ids: readonly number[]): Expression | null =>
    ids.length === 1 && ids[0] !== undefined ? plain(ids[0]) : null;
  switch (of) {
    case 'order':
      return query.order[0]?.by ?? measureOf(query);
    case 'measure':
      return measureOf(query) ?? query.order[0]?.by ?? null;
    case 'date':
      return only(dateColumns(draft).filter((id) => own.some((column) => column.id === id)));
    case 'price':
      return only(
        own
          .filter(
            ({ class: kind, words }) =>
              kind === 'number' && words.some((word) => /^(?:price|cost)$/u.test(word)),
          )
          .map(({ id }) => id),
      );
    case 'name': {
      const [first] = query.select.filter(
        ({ aggregate, column }) =>
          aggregate === null && column !== null && schemaIndex.columns[column]?.class === 'text',
      );
      return first ?? null;
    }
  }
}

/** What words after `sort by` name: something that the query shows or counts, or a column of its tables. */
function orderedBy(draft: Draft, from: number): (Span & { readonly expression: Expression }) | null {
  const { query, analysis } = draft;
  const counted = findWords(draft, /\b(?:the )?(?:count|number(?: of \w+)?|total|sum|average|amount)\b/u);
  const measure = measureOf(query);
  if (counted !== null && counted.start >= from && measure !== null) {
    return { ...counted, expression: measure };
  }
  const [named] = namedColumns(draft, from);
  if (named === undefined || named.rivals > 0) {
    return null;
  }
  const shown = query.select.find(({ column }) => column === named.column);
  const table = analysis.schemaIndex.columns[named.column]?.table ?? -1;
  if (shown === undefined && !tablesOf(query).includes(table)) {
    return null;
  }
  return { ...named, expression: shown ?? plain(named.column) };
}

function describe(analysis: Analysis, { aggregate, column }: Expression): string {
  const inner = column === null ? 'rows' : columnName(analysis, column);
  return aggregate === null ? inner : `${aggregate} of ${inner}`;
}

function list(draft: Draft | null): readonly Draft[] {
  return draft === null ? [] : [draft];
}
