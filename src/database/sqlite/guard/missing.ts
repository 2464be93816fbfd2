import { isOneSlip } from '../../../schema/nearest.ts';
import { harmlessFunctions } from './functions.ts';
import { fold } from './token.ts';

/** How SQLite says what other engines have a function for. */
const instead: ReadonlyMap<string, string> = new Map(
  Object.entries({
    array_agg: 'json_group_array',
    char_length: 'length',
    character_length: 'length',
    charindex: 'instr',
    curdate: "date('now')",
    date_add: "date(day, '+1 day')",
    date_diff: 'julianday(one) - julianday(other)',
    date_format: "strftime('%Y-%m', day)",
    date_part: "strftime('%Y', day)",
    date_sub: "date(day, '-1 day')",
    date_trunc: "date(day, 'start of month')",
    dateadd: "date(day, '+1 day')",
    datediff: 'julianday(one) - julianday(other)',
    day: "strftime('%d', day)",
    extract: "strftime('%Y', day)",
    from_unixtime: "datetime(seconds, 'unixepoch')",
    getdate: "datetime('now')",
    greatest: 'max',
    hour: "strftime('%H', day)",
    least: 'min',
    locate: 'instr',
    month: "strftime('%m', day)",
    now: "datetime('now')",
    nvl: 'ifnull',
    position: 'instr',
    split_part: 'substr with instr',
    strpos: 'instr',
    to_char: "strftime('%Y-%m', day)",
    to_date: 'date',
    to_timestamp: "datetime(seconds, 'unixepoch')",
    year: "strftime('%Y', day)",
  }),
);

/** What a function that SQLite does not have most likely stands for here; null where that is not known. */
export function nearFunction(called: string): string | null {
  const name = fold(called);
  return instead.get(name) ?? [...harmlessFunctions].find((one) => isOneSlip(name, one)) ?? null;
}
