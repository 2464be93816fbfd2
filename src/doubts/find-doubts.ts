import { SqlqError } from '../errors.ts';
import type { Doubt, Doubts } from './doubt.ts';
import { lookForIdleConditions, lookForLostNulls } from './kinds/conditions.ts';
import { lookForConstantColumns } from './kinds/constant-columns.ts';
import { lookForCut } from './kinds/cut.ts';
import { lookForDateForms } from './kinds/date-forms.ts';
import { lookForCutDays } from './kinds/end-of-day.ts';
import { lookForFanOut } from './kinds/fan-out.ts';
import { lookForIntegerQuotients } from './kinds/integer-quotients.ts';
import { lookForLeftOut } from './kinds/left-out.ts';
import { lookForMixedAndOr } from './kinds/mixed-and-or.ts';
import { lookForNeverTrue } from './kinds/never-true.ts';
import { lookForNoOrder } from './kinds/no-order.ts';
import { lookForNoRows } from './kinds/no-rows.ts';
import { lookForNullArithmetic } from './kinds/null-arithmetic.ts';
import { lookForNumberedTies } from './kinds/numbered-ties.ts';
import { lookForEmptyColumns, lookForMeansOfRatios } from './kinds/numbers.ts';
import { lookForMisreadNumerals, lookForNumeralsAsText } from './kinds/numerals.ts';
import { lookForOtherReading } from './kinds/other-reading.ts';
import { lookForOtherSpellings } from './kinds/other-spellings.ts';
import { lookForLostOuterRows } from './kinds/outer-join.ts';
import { lookForPatternSpellings } from './kinds/pattern-spellings.ts';
import { lookForOpenPeriods } from './kinds/period.ts';
import { lookForRepeatedRows } from './kinds/repeated-rows.ts';
import { lookForRespelt } from './kinds/respelt.ts';
import { lookForSplitGroups } from './kinds/split-groups.ts';
import { lookForSummedLevels } from './kinds/summed-levels.ts';
import { lookForTies } from './kinds/tie.ts';
import { lookForUnknownValues } from './kinds/unknown-value.ts';
import type { Look } from './look.ts';
import { type DoubtRequest, prepareLooks } from './request.ts';
import { withoutIdle } from './same-answer.ts';

type NamedLook = readonly [name: string, look: Look];

/**
 * So many looks, for what is in the statement's own words, have all their answers before the others ask: one that takes
 * long must not take the time of what is worth more.
 */
const first = 5;

/** So many looks are named where there was no time for them. */
const mostNamed = 4;

/** The looks in the order of what they are worth, each with what it looks for, in words. */
const looks: readonly NamedLook[] = [
  ['values that are not there', lookForUnknownValues],
  ['conditions that no row can pass', lookForNeverTrue],
  ['parts of the question that are left out', lookForLeftOut],
  ['conditions that AND and OR mix', lookForMixedAndOr],
  ['words that were read as others', lookForRespelt],
  ['joins that repeat rows', lookForFanOut],
  ['levels that are added up', lookForSummedLevels],
  ['conditions that leave no row', lookForNoRows],
  ['days that are cut', lookForCutDays],
  ['dates in other forms', lookForDateForms],
  ['other spellings of values', lookForOtherSpellings],
  ['spellings that patterns leave out', lookForPatternSpellings],
  ['spellings that are told apart', lookForSplitGroups],
  ['rows that a negation leaves out', lookForLostNulls],
  ['rows that a sum leaves out', lookForNullArithmetic],
  ['rows that an outer join keeps', lookForLostOuterRows],
  ['ties', lookForTies],
  ['ties of numbered rows', lookForNumberedTies],
  ['limits without an order', lookForNoOrder],
  ['quotients of integers', lookForIntegerQuotients],
  ['means of quotients', lookForMeansOfRatios],
  ['periods that are not over', lookForOpenPeriods],
  ['numbers as text', lookForNumeralsAsText],
  ['texts that are added up', lookForMisreadNumerals],
  ['conditions that leave nothing out', lookForIdleConditions],
  ['columns that hold nothing', lookForEmptyColumns],
  ['columns of one value', lookForConstantColumns],
  ['rows that are shown again', lookForRepeatedRows],
  ['rows that the limit cuts', lookForCut],
  // It runs the whole statement, and what that takes is left.
  ['another reading of the question', lookForOtherReading],
];

/**
 * Looks in the data for reasons to doubt what a statement will return. Each look goes through the guard like any query,
 * hidden columns included, and all together end after a time. Rejects with the signal's reason alone.
 */
export async function findDoubts(request: DoubtRequest): Promise<Doubts> {
  const { database, signal } = request;
  const prepared = await prepareLooks(request);
  if (prepared === null) {
    const notLooked = ['Doubts were not looked for: this SQL could not be read for it.'];
    return { language: null, doubts: [], notLooked, queries: 0, unanswered: 0, lookOn: null };
  }
  const { context, prober } = prepared;
  const said = new Set<string>();
  const lookFor = async (some: readonly NamedLook[]): Promise<Doubts> => {
    const doubts: Doubt[] = [];
    const late: NamedLook[] = [];
    for (const together of [some.slice(0, first), some.slice(first)]) {
      if (prober.isLate) {
        late.push(...together);
        continue;
      }
      const found = await Promise.all(
        together.map(async (named, rank) => {
          const own = prober.ranked(rank);
          const doubted = await named[1]({ ...context, probe: own.probe });
          return { named, doubted, isLate: own.isLate };
        }),
      );
      for (const { named, doubted, isLate } of found) {
        doubts.push(...doubted);
        if (isLate) {
          late.push(named);
        }
      }
    }
    const planned = await Promise.all(doubts.map((doubt) => checked(doubt, database, signal)));
    const distinct = withoutRepeats(planned, said);
    const real = await withoutIdle(distinct, request.sql, prober);
    return {
      language: null,
      doubts: real,
      queries: prober.queries,
      unanswered: prober.unanswered,
      notLooked: [
        ...(late.length === 0 ? [] : [`There was no time to look for ${listed(late)}.`]),
        ...prober.takeLeftRunning(),
      ],
      lookOn:
        late.length === 0
          ? null
          : (milliseconds) => {
              prober.restart(milliseconds);
              return lookFor(late);
            },
    };
  };
  return lookFor(looks);
}

/** The first of some looks by name, and how many more there are. */
function listed(some: readonly NamedLook[]): string {
  const names = some.slice(0, mostNamed).map(([name]) => name);
  const others = some.length - names.length;
  return `${names.join(', ')}${others === 0 ? '' : `, and ${others} more kinds of doubts`}`;
}

/** A doubt whose mended SQL the database has planned; without it where it does not. */
async function checked(
  doubt: Doubt,
  database: DoubtRequest['database'],
  signal: AbortSignal,
): Promise<Doubt> {
  if (doubt.mendedSql === null) {
    return doubt;
  }
  try {
    await database.plan({ sql: doubt.mendedSql }, signal);
    return doubt;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof SqlqError) {
      return { ...doubt, mendedSql: null };
    }
    throw error;
  }
}

/**
 * Each doubt once, whatever was `said` before. The rows that no condition leaves are explained by the literal that is not
 * there, where one is not.
 */
function withoutRepeats(doubts: readonly Doubt[], said: Set<string>): readonly Doubt[] {
  const isExplained = doubts.some(({ kind }) => kind === 'unknown-value' || kind === 'never-true');
  return doubts.filter(({ kind, sentence }) => {
    if ((kind === 'no-rows' && isExplained) || said.has(sentence)) {
      return false;
    }
    said.add(sentence);
    return true;
  });
}
