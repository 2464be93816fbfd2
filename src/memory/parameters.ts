import type { SqlDialect } from '../database/dialect.ts';
import { SqlqError } from '../errors.ts';
import { type Literal, literalsOf } from '../schema/literals.ts';

export const parameterTypes = ['text', 'integer', 'number', 'date', 'year', 'month'] as const;

/** A gap in a saved statement. `year` and `month` stand for the days at which such a period begins and ends. */
export interface SavedParameter {
  readonly name: string;
  readonly type: (typeof parameterTypes)[number];
  /** Null where a value has to be given. */
  readonly default: string | null;
}

/** What is bound to one placeholder. */
export interface BoundValue {
  readonly name: string;
  readonly type: 'text' | 'integer' | 'number';
  readonly value: string;
}

/** Names that are flags of `sqlq run`. */
export const flagNames: ReadonlySet<string> = new Set(
  'db schema include exclude hide refresh timeout format output limit yes dry_run csv_safe write write_ddl max_rows_scanned max_cost memory_limit trust_function trust_guard type read strict no_doubts no_pager force file report log_json verbose quiet color no_color help version'.split(
    ' ',
  ),
);

/** A statement with placeholders for its literals; without any where its text can't be read for sure. */
export function parameterize(
  sql: string,
  dialect: SqlDialect,
): { readonly sql: string; readonly parameters: readonly SavedParameter[] } {
  const literals = (literalsOf(sql, dialect) ?? []).filter(({ role }) => role !== 'other');
  const parameters: SavedParameter[] = [];
  const placeholders = new Map<Literal, string>();
  const add = (wanted: string, type: SavedParameter['type'], value: string): string => {
    for (let count = 1; ; count += 1) {
      const name = count === 1 ? wanted : `${wanted}_${count}`;
      const before = parameters.find((parameter) => parameter.name === name);
      if (before === undefined) {
        parameters.push({ name, type, default: value });
      } else if (before.type !== type || before.default !== value) {
        continue;
      }
      return name;
    }
  };
  for (const literal of literals) {
    if (placeholders.has(literal)) {
      continue;
    }
    const end = literals.find((other) => isPeriod(literal, other) !== null);
    const period = end === undefined ? null : isPeriod(literal, end);
    if (end === undefined || period === null) {
      placeholders.set(literal, add(nameOf(literal), typeOf(literal), literal.value));
      continue;
    }
    const name = add(period.type, period.type, period.value);
    placeholders.set(literal, `${name}_from`);
    placeholders.set(end, `${name}_${period.end}`);
  }
  let text = sql;
  for (const literal of [...literals].reverse()) {
    const placeholder = `:${placeholders.get(literal) ?? ''}`;
    const { typed, start, end } = literal;
    const written = typed === null ? placeholder : `CAST(${placeholder} AS ${typed.type})`;
    text = text.slice(0, typed?.start ?? start) + written + text.slice(end);
  }
  return { sql: text, parameters };
}

/** The values of every placeholder, from the parameters' values by name. Throws a SqlqError `usage`. */
export function boundValues(
  parameters: readonly SavedParameter[],
  values: ReadonlyMap<string, string>,
): readonly BoundValue[] {
  return parameters.flatMap((parameter) => {
    const { name, type } = parameter;
    const value = values.get(name) ?? parameter.default;
    if (value === null) {
      throw new SqlqError('usage', `The parameter --${flagOf(name)} has no value.`);
    }
    if (!isValue[type](value)) {
      throw new SqlqError('usage', `--${flagOf(name)} takes ${wanted[type]}, not "${value}".`);
    }
    if (type === 'year' || type === 'month') {
      const days = daysOf(value);
      return Object.entries(days).map(([end, day]) => ({
        name: `${name}_${end}`,
        type: 'text' as const,
        value: day,
      }));
    }
    return [{ name, type: type === 'date' ? 'text' : type, value }];
  });
}

/** A parameter's name as a flag. */
export function flagOf(name: string): string {
  return name.replaceAll('_', '-');
}

const wanted: Readonly<Record<SavedParameter['type'], string>> = {
  text: 'a text',
  integer: 'a whole number',
  number: 'a number',
  date: 'a date such as 2025-03-01',
  year: 'a year such as 2025',
  month: 'a month such as 2025-03',
};

const isValue: Readonly<Record<SavedParameter['type'], (text: string) => boolean>> = {
  text: () => true,
  integer: (text) => /^-?\d{1,18}$/u.test(text),
  number: (text) => /^-?\d{1,30}(?:\.\d{1,30})?$/u.test(text),
  date: (text) =>
    isDay(text.slice(0, 10)) && /^(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?$/u.test(text.slice(10)),
  year: (text) => /^\d{4}$/u.test(text),
  month: (text) => /^\d{4}-\d{2}$/u.test(text) && isDay(`${text}-01`),
};

function isDay(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 10) === text;
}

/** The first day of a year or a month, the first after it, and its last. */
function daysOf(period: string): { readonly from: string; readonly until: string; readonly to: string } {
  const [year = 0, month] = period.split('-').map(Number);
  const day = (addedYears: number, addedMonths: number, addedDays: number): string => {
    const date = new Date(0);
    date.setUTCFullYear(year + addedYears, (month ?? 1) - 1 + addedMonths, 1 + addedDays);
    return date.toISOString().slice(0, 10);
  };
  const [years, months] = month === undefined ? [1, 0] : [0, 1];
  return { from: day(0, 0, 0), until: day(years, months, 0), to: day(years, months, -1) };
}

/** The year or month that two bounds of one column make, and which of its days the second one is. */
function isPeriod(
  first: Literal,
  second: Literal,
): { readonly type: 'year' | 'month'; readonly value: string; readonly end: 'until' | 'to' } | null {
  const isLower = first.operator === '>=' || first.operator === 'BETWEEN';
  const end = second.operator === '<' ? 'until' : /^(?:<=|AND)$/u.test(second.operator) ? 'to' : null;
  const isSame =
    first.column !== null &&
    first.column.name === second.column?.name &&
    first.column.qualifier === second.column.qualifier;
  if (!isLower || end === null || !isSame || !/^\d{4}-\d{2}-01$/u.test(first.value)) {
    return null;
  }
  for (const type of ['year', 'month'] as const) {
    const value = first.value.slice(0, type === 'year' ? 4 : 7);
    const days = daysOf(value);
    if (days.from === first.value && days[end] === second.value) {
      return { type, value, end };
    }
  }
  return null;
}

function typeOf({ kind, value, role, typed, call }: Literal): SavedParameter['type'] {
  if (kind === 'number') {
    return /^\d+$/u.test(value) ? 'integer' : 'number';
  }
  if (role === 'pattern' || call === 'strftime') {
    return 'text';
  }
  return typed !== null || isValue.date(value) ? 'date' : 'text';
}

/** Named after the column, and after the side on which it bounds that. */
function nameOf({ role, operator, column, call, value, kind }: Literal): string {
  if (role === 'limit') {
    return 'top';
  }
  if (role === 'offset') {
    return 'skip';
  }
  if (
    call !== null &&
    /^(?:19|20)\d{2}$/u.test(value) &&
    /^(?:strftime|year|extract|date_part|to_char|date_format|substr)$/u.test(call)
  ) {
    return 'year';
  }
  const plain = (column?.name ?? call ?? 'value')
    .replace(/([a-z0-9])([A-Z])/gu, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/gu, '_')
    .replace(/^_+|_+$/gu, '');
  const base = /^[a-z]/u.test(plain) ? plain : 'value';
  const isDate = kind === 'text' && isValue.date(value);
  const name =
    operator === 'BETWEEN' || /^>=?$/u.test(operator)
      ? isDate
        ? `${base}_from`
        : `min_${base}`
      : operator === 'AND' || /^<=?$/u.test(operator)
        ? isDate
          ? `${base}_until`
          : `max_${base}`
        : /^(?:<>|!=)$/u.test(operator)
          ? `not_${base}`
          : base;
  return flagNames.has(name) ? `${name}_value` : name;
}
