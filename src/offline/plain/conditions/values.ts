import { spellingsOf } from '../../link/spellings.ts';
import { spoken } from '../../query/spoken.ts';
import type { Condition } from '../../query/tree.ts';
import { endsOf } from '../../schema-index/ends.ts';
import { soleKey } from '../../schema-index/schema-index.ts';
import { isTime } from '../../time/kept.ts';
import { labelsOf } from '../names.ts';
import { along, isUp } from '../paths.ts';
import { type Context, type Reading, type Rule, readOn } from '../reading.ts';
import { words } from '../words.ts';
import { compare, joined, negated } from './conditions.ts';
import { datedVerb } from './states.ts';

interface Found {
  readonly column: number;
  readonly condition: Condition;
  readonly end: number;
  readonly cost: number;
}

/** The conditions that a stored value at a place may mean: of the rows themselves, or of what they refer to. */
export function valueConditions(context: Context, at: number): readonly Found[] {
  const { analysis, paths, table } = context;
  const { schemaIndex } = analysis;
  const byColumn = new Map<string, { column: number; texts: Set<string>; end: number; cost: number }>();
  for (const { value, end, cost } of context.names.valuesAt(at)) {
    const key = `${value.column} ${end}`;
    const known = byColumn.get(key);
    if (known === undefined) {
      byColumn.set(key, { column: value.column, texts: new Set([value.text]), end, cost });
    } else {
      known.texts.add(value.text);
    }
  }
  const reached = [...byColumn.values()].filter(({ column }) => {
    const ways = paths.get(schemaIndex.columns[column]?.table ?? -1) ?? [];
    return ways.length === 1 && ways.every(isUp);
  });
  const longest = Math.max(...reached.map(({ end }) => end));
  return reached.flatMap(({ column, texts, end, cost }): Found[] => {
    const entry = schemaIndex.columns[column];
    const ways = paths.get(entry?.table ?? -1) ?? [];
    const [way] = ways;
    if (
      end < longest ||
      entry === undefined ||
      way === undefined ||
      ways.length > 1 ||
      !isUp(way) ||
      way.steps.length > 3
    ) {
      return [];
    }
    if (isYearAt(context, at) && !entry.words.some((word) => /^(?:year|season|vintage)$/u.test(word))) {
      return [];
    }
    if ((entry.class !== 'text' && entry.class !== 'other') || isTime(analysis, entry)) {
      return [];
    }
    // Every spelling of the same label is meant.
    const spelled = new Set([...texts].flatMap((text) => spellingsOf(analysis.lookup, column, text)));
    const inner = joined(
      'or',
      [...spelled].map((text) => compare(column, '=', { kind: 'text', text })),
    );
    const own = table.id === entry.table;
    // A word that is the name of a table as well may mean its rows.
    const isTable = context.names.tablesAt(at).some((hit) => hit.cost === 0 && hit.id !== table.id);
    return [
      {
        column,
        condition: along(schemaIndex, way, inner),
        end,
        cost: cost + (own ? 0 : 0.1 * way.steps.length + (cost > 0 ? 0.1 : 0)) + (isTable ? 0.3 : 0),
      },
    ];
  });
}

/** `in 2008`: a year, whatever texts are stored that look like one. */
const isYearAt = ({ lowers }: Context, at: number): boolean =>
  /^(?:1[5-9]|20)\d\d$/u.test(lowers[at] ?? '') &&
  /^(?:in|since|before|after|during|year)$/u.test(lowers[at - 1] ?? '');

const isTitle = (word: string): boolean => /^(?:mrs|mr|ms|miss|dr|doctor|prof)$/u.test(word);

/** `in Leeds`, `from Norway`, `crime`, `Leeds or York`, `not petrol`. */
export const values: Rule = (context, reading) => {
  const { analysis, lowers, lemmas } = context;
  // `shipped in October` is what was shipped then, and not what has that state and is of October.
  if (datedVerb(context, reading)) {
    return [];
  }
  const first = reading.at;
  const starts: number[] = [first];
  if (reading.named) {
    let at = first;
    const verb = words.neutral.has(lemmas[at] ?? '') && !words.prepositions.has(lowers[at] ?? '');
    if (verb) {
      at++;
    }
    while (
      words.prepositions.has(lowers[at] ?? '') ||
      /^(?:the|a|an|street|city|town|room|category|type|kind)$/u.test(lowers[at] ?? '') ||
      (isTitle(lowers[at] ?? '') && context.names.valuesAt(at).length === 0) ||
      (lowers[at] === '.' && isTitle(lowers[at - 1] ?? ''))
    ) {
      at++;
      starts.push(at);
    }
  }
  // `who works for Sara` is not Sara: a row's own name stands behind no verb, and behind `called` alone.
  const labels = labelsOf(analysis, context.table);
  // `dogs and cats` are either: no row is both.
  const joins = /^(?:and|or|,)$/u.test(lowers[first - 1] ?? '');
  // Who did something with the rows is no one who only stands over what they belong to: `did Dilys do`.
  const did = reading.named && /^(?:did|does|do)$/u.test(lowers[first - 1] ?? '');
  const isNear = (column: number): boolean =>
    (context.paths.get(analysis.schemaIndex.columns[column]?.table ?? -1)?.[0]?.steps.length ?? 0) < 2;
  // At which of two ends of a row a value is, the words around it tell.
  const ends = new Set(
    endsOf(analysis.schemaIndex, context.table.id).flatMap(({ all }) => all.map(({ column }) => column.id)),
  );
  const found = starts.flatMap((at) =>
    valueConditions(context, at).filter(
      ({ column }) =>
        !(joins && column === reading.lastValue) &&
        (!did || isNear(column)) &&
        !ends.has(column) &&
        (at === first || !labels.includes(column) || /^(?:called|named)$/u.test(lowers[at - 1] ?? '')),
    ),
  );
  return found.flatMap(({ column, condition, end: last, cost }): Reading[] => {
    // `high priority projects`, `penicillin allergy`: the column's own name says the same again.
    const table = analysis.schemaIndex.columns[column]?.table ?? -1;
    const again = context.names.columnsAt(table, last).find((hit) => hit.id === column && hit.cost === 0);
    const end = again?.end ?? last;
    const meant = reading.negated ? negated(analysis.schemaIndex, condition) : condition;
    return meant === null
      ? []
      : [
          readOn(context, reading, end, spoken(analysis.schemaIndex).condition(meant), {
            conditions: [...reading.conditions, meant],
            lastValue: reading.negated ? null : column,
            negated: false,
            having: false,
            more: cost,
          }),
        ];
  });
};

/** `room 203`, `in flat 6`: a row by its number. */
export const numbered: Rule = (context, reading) => {
  const { analysis, lowers, names, paths, table } = context;
  const { schemaIndex } = analysis;
  if (!reading.named || reading.negated) {
    return [];
  }
  let { at } = reading;
  while (/^(?:in|of|for|from|on|to|by|the|at)$/u.test(lowers[at] ?? '')) {
    at++;
  }
  const own =
    at === reading.at && names.tablesAt(at - 1).some(({ id, end }) => id === table.id && end === at);
  const places = [
    ...(own ? [{ id: table.id, end: at, cost: 0 }] : []),
    ...names.tablesAt(at).filter(({ id }) => id !== table.id),
  ];
  return places.flatMap(({ id, end, cost }): Reading[] => {
    const from = /^(?:no|number|nr|#)$/u.test(lowers[end] ?? '') ? end + 1 : end;
    const number = analysis.tokens[from]?.kind === 'number' ? analysis.tokens[from]?.number : null;
    const key = soleKey(schemaIndex.tables[id]);
    const ways = paths.get(id) ?? [];
    const [way] = ways;
    const stored = key === undefined ? [] : (analysis.lookup.of(key) ?? []);
    if (number == null || key === undefined || way === undefined || ways.length > 1 || !isUp(way)) {
      return [];
    }
    if (schemaIndex.columns[key]?.class !== 'number' || !stored.includes(String(number))) {
      return [];
    }
    const inner = compare(key, '=', { kind: 'number', number });
    return [
      readOn(context, reading, from + 1, spoken(schemaIndex).condition(inner), {
        conditions: [...reading.conditions, along(schemaIndex, way, inner)],
        having: false,
        more: cost,
      }),
    ];
  });
};

/** `or York`, `and York`: another value of the column before is as good. */
export const alternatives: Rule = (context, reading) => {
  const { lowers } = context;
  const last = reading.conditions.at(-1);
  if (reading.lastValue === null || last === undefined || !/^(?:or|and|,)$/u.test(lowers[reading.at] ?? '')) {
    return [];
  }
  const at = reading.at + (words.prepositions.has(lowers[reading.at + 1] ?? '') ? 2 : 1);
  return valueConditions(context, at).flatMap(({ column, condition, end, cost }) =>
    column !== reading.lastValue
      ? []
      : [
          readOn(context, reading, end, spoken(context.analysis.schemaIndex).condition(condition), {
            conditions: [...reading.conditions.slice(0, -1), joined('or', [last, condition])],
            more: cost,
          }),
        ],
  );
};
