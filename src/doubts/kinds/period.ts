import type { Doubt } from '../doubt.ts';
import {
  columnText,
  isTemporal,
  isText,
  type Look,
  type LookContext,
  numberOf,
  overTable,
  tableText,
} from '../look.ts';
import { literalText, type Predicate, predicatesOf } from '../predicates.ts';
import type { Resolved, Scope } from '../scope.ts';
import { nameOf } from '../sql-tree.ts';

/** Rows below which gaps between dates tell nothing. */
const enoughRows = 20;
const day = 24 * 60 * 60 * 1000;

/** A period that a statement asks for: from its first day to the first after it. */
interface Period {
  readonly from: Date;
  readonly to: Date;
  readonly resolved: Resolved;
  readonly subject: string;
}

/** Finds periods that are not over, and such that the data reaches in part alone. */
export const lookForOpenPeriods: Look = async (context) => {
  const doubts: Doubt[] = [];
  for (const scope of context.scopes) {
    for (const period of periodsOf(context, scope)) {
      const doubt = await openPeriod(context, period);
      if (doubt !== null) {
        doubts.push(doubt);
      }
    }
  }
  return doubts;
};

async function openPeriod(
  context: LookContext,
  { from, to, resolved, subject }: Period,
): Promise<Doubt | null> {
  const table = tableText(context, resolved.table);
  const [row] =
    (await context.probe(
      `SELECT MIN(${subject}), MAX(${subject}), COUNT(*) FROM ${table} WHERE ${subject} IS NOT NULL`,
      1,
    )) ?? [];
  const [least, most, rows] = [
    dateOf(row?.[0]),
    dateOf(row?.[1]),
    numberOf(row === undefined ? null : [row], 2),
  ];
  if (least === null || most === null || rows === null || rows < enoughRows) {
    return null;
  }
  const name = `${resolved.table.name}.${resolved.column.name}`;
  const evidence = {
    column: name,
    from: iso(from),
    to: iso(new Date(to.getTime() - day)),
    first: iso(least),
    last: iso(most),
  };
  if (from <= context.now && context.now < to) {
    return {
      kind: 'period',
      sentence: `The period from ${evidence.from} to ${evidence.to} is not over, and the data ends on ${evidence.last}.`,
      evidence,
      mendedSql: null,
    };
  }
  const length = to.getTime() - from.getTime();
  const endsEarly = most > from && most < to && to.getTime() - most.getTime() > Math.max(length / 5, 2 * day);
  const beginsLate =
    least > from && least < to && least.getTime() - from.getTime() > Math.max(length / 5, 2 * day);
  if (!endsEarly && !beginsLate) {
    return null;
  }
  return {
    kind: 'period',
    sentence: `The data ${beginsLate ? `begins on ${evidence.first}` : `ends on ${evidence.last}`}: it does not reach all of ${evidence.from} to ${evidence.to}.`,
    evidence,
    mendedSql: null,
  };
}

/** The periods that the conditions of a SELECT ask for, where both ends are known. */
function* periodsOf(context: LookContext, scope: Scope): Generator<Period> {
  const bounds = new Map<
    unknown,
    { from: Date | null; to: Date | null; predicate: Predicate; subject: string }
  >();
  for (const predicate of predicatesOf(scope)) {
    if (predicate.negated) {
      continue;
    }
    const { resolved, subject, literals, operator } = predicate;
    if (!isTemporal(resolved.column.type) && !isText(resolved.column.type)) {
      continue;
    }
    const [first, second] = literals.map(literalText);
    if (first === undefined) {
      continue;
    }
    const column = overTable(context, subject, scope);
    const plain = columnText(context, resolved.column.name);
    const year = /^(1[5-9]|2\d)\d\d$/u.exec(first)?.[0];
    if (year !== undefined && operator === '=' && isYearOf(context, predicate)) {
      yield { from: utc(`${year}-01-01`), to: utc(`${Number(year) + 1}-01-01`), resolved, subject: plain };
    } else if (/^(1[5-9]|2\d)\d\d[-/%]/u.test(first) && operator === 'LIKE' && /^\d{4}-?%$/u.test(first)) {
      const begin = first.slice(0, 4);
      yield { from: utc(`${begin}-01-01`), to: utc(`${Number(begin) + 1}-01-01`), resolved, subject: plain };
    } else if (
      operator === 'BETWEEN' &&
      dateOf(first) !== null &&
      second !== undefined &&
      dateOf(second) !== null
    ) {
      const [from, to] = [dateOf(first), dateOf(second)];
      if (from !== null && to !== null) {
        yield { from, to: new Date(to.getTime() + day), resolved, subject: column };
      }
    } else if (/^[<>]=?$/u.test(operator) && dateOf(first) !== null) {
      const key = resolved.column;
      const known = bounds.get(key) ?? { from: null, to: null, predicate, subject: column };
      const at = dateOf(first);
      bounds.set(key, operator.startsWith('>') ? { ...known, from: at } : { ...known, to: at });
    }
  }
  for (const { from, to, predicate, subject } of bounds.values()) {
    if (from !== null && to !== null && from < to) {
      yield { from, to, resolved: predicate.resolved, subject };
    }
  }
}

function isYearOf({ tree }: LookContext, { subject, resolved }: Predicate): boolean {
  const text = tree.writeExpression(subject);
  return nameOf(subject['column']) !== resolved.column.name && /year|%Y|yyyy|substr/iu.test(text);
}

function utc(text: string): Date {
  return new Date(`${text}T00:00:00Z`);
}

function iso(date: Date): string {
  return date.toISOString().slice(0, 10);
}

/** A date that begins as ISO 8601 writes it; null for another text. */
function dateOf(value: unknown): Date | null {
  const found = /^(\d{4})-(\d\d)-(\d\d)/u.exec(String(value ?? ''));
  const date = found === null ? null : utc(found[0]);
  return date === null || Number.isNaN(date.getTime()) ? null : date;
}
