import codes from '../../../words/codes.json' with { type: 'json' };
import type { Analysis } from '../../analysis/analysis.ts';
import { type Comparison, type Condition, type Literal, plain } from '../../query/tree.ts';
import { truthLiteral } from '../../query/truth.ts';
import type { IndexedColumn, SchemaIndex } from '../../schema-index/schema-index.ts';
import { blanksOf } from '../names.ts';

/** Joins conditions; one by itself as it is. */
export function joined(kind: 'and' | 'or', conditions: readonly Condition[]): Condition {
  const [only] = conditions;
  if (only === undefined) {
    throw new RangeError('no conditions');
  }
  return conditions.length === 1
    ? only
    : { kind, conditions: conditions.flatMap((each) => (each.kind === kind ? each.conditions : [each])) };
}

const opposite: Readonly<Record<Comparison, Comparison>> = {
  '=': '<>',
  '<>': '=',
  '<': '>=',
  '>': '<=',
  '<=': '>',
  '>=': '<',
  like: 'not like',
  'not like': 'like',
};

const mayBeNull = (schemaIndex: SchemaIndex, id: number | null): boolean => {
  const column = schemaIndex.columns[id ?? -1];
  return column === undefined || (column.column.nullable && !column.primary);
};

/** What holds of every row of which a condition does not: where a value is missing, the condition does not hold. Null where that can't be said. */
export function negated(schemaIndex: SchemaIndex, condition: Condition): Condition | null {
  const orMissing = (column: number | null, made: Condition): Condition =>
    column !== null && mayBeNull(schemaIndex, column)
      ? joined('or', [made, { kind: 'null', column, negated: false }])
      : made;
  switch (condition.kind) {
    case 'null':
      return { ...condition, negated: !condition.negated };
    case 'compare':
      return orMissing(condition.left.column, { ...condition, operator: opposite[condition.operator] });
    case 'weekday':
      return orMissing(
        condition.column,
        joined(
          'or',
          [0, 1, 2, 3, 4, 5, 6].filter((day) => day !== condition.day).map((day) => ({ ...condition, day })),
        ),
      );
    case 'in':
      return condition.negated
        ? { ...condition, negated: false }
        : orMissing(condition.column, { ...condition, negated: true });
    case 'and':
    case 'or': {
      const parts = condition.conditions.map((part) => negated(schemaIndex, part));
      const known = parts.filter((part) => part !== null);
      return known.length < parts.length
        ? null
        : withoutRepeats(condition.kind === 'and' ? 'or' : 'and', known);
    }
    default:
      return null;
  }
}

/** `(a <> 'x' OR a IS NULL) AND (a <> 'y' OR a IS NULL)` as one test for NULL. */
function withoutRepeats(kind: 'and' | 'or', conditions: readonly Condition[]): Condition {
  const seen = new Set<string>();
  const flat = conditions
    .flatMap((each) => (each.kind === kind ? each.conditions : [each]))
    .filter((each) => {
      const key = JSON.stringify(each);
      const known = seen.has(key);
      seen.add(key);
      return !known;
    });
  const missing = flat.map((each) =>
    kind === 'and' && each.kind === 'or' ? each.conditions.find((part) => part.kind === 'null') : undefined,
  );
  const [first] = missing;
  if (
    first !== undefined &&
    flat.length > 1 &&
    missing.every(
      (each) => each !== undefined && 'column' in each && 'column' in first && each.column === first.column,
    )
  ) {
    const rest = flat.map((each) =>
      each.kind === 'or'
        ? joined(
            'or',
            each.conditions.filter((part) => part.kind !== 'null'),
          )
        : each,
    );
    return joined('or', [joined('and', rest), first]);
  }
  return joined(kind, flat);
}

/** The condition that a column has a value, blanks being none. */
export function hasValue(analysis: Analysis, column: number, negatedToo: boolean): Condition {
  const missing: Condition = { kind: 'null', column, negated: !negatedToo };
  const blanks = blanksOf(analysis, column).map(
    (text): Condition => ({
      kind: 'compare',
      left: plain(column),
      operator: negatedToo ? '=' : '<>',
      right: { kind: 'text', text },
    }),
  );
  return joined(negatedToo ? 'or' : 'and', [missing, ...blanks]);
}

export const compare = (column: number, operator: Comparison, right: Literal): Condition => ({
  kind: 'compare',
  left: plain(column),
  operator,
  right,
});

const yes: ReadonlySet<string> = new Set([...codes.yes, 'j', 'ja', 's', 'si', 'sí', 'oui']);
const no: ReadonlySet<string> = new Set([...codes.no, 'nein', 'non']);

/** How a column writes yes and no; null where it says neither. */
export function truthsOf(
  { schemaIndex, lookup }: Analysis,
  column: IndexedColumn,
): { readonly yes: readonly Literal[]; readonly no: readonly Literal[] } | null {
  if (column.class === 'boolean') {
    return { yes: [truthLiteral(schemaIndex.dialect, true)], no: [truthLiteral(schemaIndex.dialect, false)] };
  }
  const refers = schemaIndex.links.some(({ left }) => left.includes(column.id));
  const values = (lookup.of(column.id) ?? []).filter((value) => value.trim() !== '');
  const isGender = column.words.some((word) => word === 'gender' || word === 'sex');
  if (refers || isGender || column.primary || values.length === 0 || values.length > 4) {
    return null;
  }
  if (column.class === 'number') {
    return values.every((value) => value === '0' || value === '1') && !isAmount(column)
      ? { yes: [{ kind: 'number', number: 1 }], no: [{ kind: 'number', number: 0 }] }
      : null;
  }
  if (column.class !== 'text' || !values.every((value) => yes.has(key(value)) || no.has(key(value)))) {
    return null;
  }
  const texts = (known: ReadonlySet<string>, otherwise: string): Literal[] => {
    const own = values.filter((value) => known.has(key(value)));
    return (own.length === 0 ? [otherwise] : own).map((text) => ({ kind: 'text', text }));
  };
  const sample = key(values[0] ?? '');
  const other = (of: string): string => {
    const upper = values[0] === values[0]?.toUpperCase();
    const pairs: Readonly<Record<string, string>> = {
      y: 'n',
      n: 'y',
      yes: 'no',
      no: 'yes',
      t: 'f',
      f: 't',
      true: 'false',
      false: 'true',
      j: 'n',
      ja: 'nein',
      nein: 'ja',
    };
    const made = pairs[of] ?? of;
    return upper ? made.toUpperCase() : made;
  };
  return { yes: texts(yes, other(sample)), no: texts(no, other(sample)) };
}

const key = (value: string): string => value.trim().toLowerCase();

const isAmount = ({ words }: IndexedColumn): boolean =>
  words.some((word) =>
    /^(?:count|number|quantity|qty|stock|amount|total|price|cost|age|year|rank|level|grade|score|size|floor)$/u.test(
      word,
    ),
  );

/** The condition that a truth holds, or that it does not; where it is unknown, it does not hold. Null for a column of no truths. */
export function truth(analysis: Analysis, column: IndexedColumn, holds: boolean): Condition | null {
  const truths = truthsOf(analysis, column);
  if (truths === null) {
    return null;
  }
  // A blank is no yes.
  const blanks = holds ? [] : blanksOf(analysis, column.id).map((text) => ({ kind: 'text', text }) as const);
  const conditions = [...(holds ? truths.yes : truths.no), ...blanks].map((literal) =>
    compare(column.id, '=', literal),
  );
  return !holds && mayBeNull(analysis.schemaIndex, column.id)
    ? joined('or', [...conditions, { kind: 'null', column: column.id, negated: false }])
    : joined('or', conditions);
}
