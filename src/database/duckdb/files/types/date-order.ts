import { literal, type Sql } from '../sql.ts';
import { aggregates } from './aggregate.ts';
import type { Decision, Kind } from './decide.ts';
import { type DateFirst, shortYear } from './reader.ts';
import type { DateOrder } from './shapes.ts';
import type { TypeWord } from './told.ts';

/** What the parts of a column's dates are, where their form leaves their order or century open. */
export interface Parts {
  readonly separator: DateOrder;
  /** The least and the largest number that stands first, second and third; null where none does. */
  readonly first: Range;
  readonly second: Range;
  readonly third: Range;
  /** How many have a year of two digits, and how many not, or begin with one digit. */
  readonly short: number;
  readonly others: number;
}

interface Range {
  readonly least: number;
  readonly most: number;
}

const openOrders: readonly DateOrder[] = ['points', 'slashes', 'dashes', 'day month'];

/** Whether all rows are to be looked at for the order or the century of a column's dates. */
export function isOpenOrder(kind: Kind): boolean {
  return kind.kind === 'date' && openOrders.includes(kind.order);
}

/** The parts of the columns whose dates leave their order or century open. */
export async function firstsOf(
  sql: Sql,
  relation: string,
  drafts: readonly { readonly column: string; readonly text: string; readonly decision: Decision }[],
): Promise<ReadonlyMap<string, Parts>> {
  const open = drafts.flatMap(({ column, text, decision: { kind, mostly } }) => {
    const dates = kind.kind === 'text' ? mostly : kind;
    return dates?.kind === 'date' && isOpenOrder(dates) ? [{ column, text, separator: dates.order }] : [];
  });
  const part = (text: string, index: number): string =>
    `TRY_CAST(regexp_extract(${text}, '^(\\d{1,2})[/.-](\\d{1,2})[/.-](\\d{1,4})', ${index}) AS INTEGER)`;
  const numbers = await aggregates(
    sql,
    relation,
    open.flatMap(({ text }) => [
      ...[1, 2, 3].flatMap((index) => [`min(${part(text, index)})`, `max(${part(text, index)})`]),
      `count(*) FILTER (WHERE regexp_matches(${text}, ${literal(shortYear)}))`,
      `count(*) FILTER (WHERE NOT regexp_matches(${text}, ${literal(String.raw`^\d{2}[-/]\d{1,2}[-/]\d{2}(?:\D|$)`)}) AND ${part(text, 1)} IS NOT NULL)`,
    ]),
  );
  return new Map(
    open.map(({ column, separator }, index) => {
      const [a, b, c, d, e, f, short, others] = numbers
        .slice(index * 8, index * 8 + 8)
        .map((each) => Number(each ?? 0));
      const range = (least = 0, most = 0): Range => ({ least, most });
      return [
        column,
        {
          separator,
          first: range(a, b),
          second: range(c, d),
          third: range(e, f),
          short: short ?? 0,
          others: others ?? 0,
        },
      ];
    }),
  );
}

/** Which part the user says comes first. */
export function toldFirst(word: TypeWord | null): DateFirst | null {
  return word === 'dmy' ? 'day' : word === 'mdy' ? 'month' : word === 'ymd' ? 'year' : null;
}

/** Whether dates such as 24-01-02 may begin with the year: what stands first is no month anywhere. */
export function isYearPossible({ separator, first, second, third, short, others }: Parts): boolean {
  const isOfNumbers = separator === 'slashes' || separator === 'dashes';
  return (
    isOfNumbers && short > 0 && others === 0 && first.least > 12 && second.most <= 12 && third.most <= 31
  );
}

/** Whether they do: years are closer together than days. */
function isYearFirst(parts: Parts): boolean {
  const { separator, first, third } = parts;
  const spread = ({ least, most }: Range): number => most - least;
  return (
    isYearPossible(parts) &&
    (first.most > 31 ||
      spread(first) < spread(third) ||
      (spread(first) === spread(third) && separator === 'dashes'))
  );
}

/** Which part comes first: a column's own days past the twelfth say it, else another column's of the file. */
export function orderOf(
  own: Parts | null,
  all: ReadonlyMap<string, Parts>,
): { readonly first: DateFirst; readonly isGuessed: boolean } {
  const decided = (parts: Parts): DateFirst | null => {
    const { separator, first, second } = parts;
    if (isYearFirst(parts)) {
      return 'year';
    }
    const isOfNumbers = separator === 'slashes' || separator === 'dashes';
    return !isOfNumbers || first.most > 12 === second.most > 12 ? null : first.most > 12 ? 'day' : 'month';
  };
  if (own !== null && own.separator !== 'slashes' && own.separator !== 'dashes') {
    return { first: 'day', isGuessed: false };
  }
  const alone = own === null ? null : decided(own);
  if (alone !== null) {
    return { first: alone, isGuessed: false };
  }
  const others = new Set(
    [...all.values()].flatMap((parts) => decided(parts) ?? []).filter((each) => each !== 'year'),
  );
  const [other] = others;
  return other !== undefined && others.size === 1
    ? { first: other, isGuessed: false }
    : { first: 'month', isGuessed: true };
}
