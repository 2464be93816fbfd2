import type { Analysis } from '../analysis/analysis.ts';
import { misreadingOf } from '../misread/misread.ts';
import { writeSql } from '../query/sql.ts';
import type { SelectQuery } from '../query/tree.ts';
import { tablesAbout } from './about.ts';
import { comparedColumns } from './conditions/compared-columns.ts';
import { comparisons } from './conditions/comparisons.ts';
import { withCurrent } from './conditions/current.ts';
import { deletedLines, keptRows } from './conditions/deleted.ts';
import { periods } from './conditions/periods.ts';
import { properties } from './conditions/properties.ts';
import { pieces, states } from './conditions/states.ts';
import { alternatives, numbered, values } from './conditions/values.ts';
import { queryOf } from './finish.ts';
import { asking, countBehind, counted, shown } from './heads/heads.ts';
import { meanOf, meanOfCounts, onAverage } from './heads/mean-counts.ts';
import { columnNoun, eventNoun, impliedNoun, newcomers, noun, who } from './heads/nouns.ts';
import { anything, flagNoun } from './heads/of-flag.ts';
import { priced } from './heads/priced.ts';
import { rates } from './heads/rates.ts';
import { partsShare, shareLine, shares } from './heads/shares.ts';
import { revenue, summed } from './heads/summed.ts';
import { whereabouts } from './heads/whereabouts.ts';
import { amounted, spent, workedOut } from './heads/worked-out.ts';
import { namesOf } from './names.ts';
import { pathsFrom } from './paths.ts';
import { byPeriod } from './ranks/by-period.ts';
import { asksToCompare, comparedPeriods } from './ranks/compared-periods.ts';
import { groups } from './ranks/groups.ts';
import { ofExtreme } from './ranks/of-extreme.ts';
import { popular } from './ranks/popular.ts';
import { rankedBy } from './ranks/ranked-by.ts';
import { byNamed, limits, mostOf, superlatives } from './ranks/ranks.ts';
import { withinEach } from './ranks/within.ts';
import { type Context, type Reading, type Rule, start } from './reading.ts';
import { between, betweenBefore } from './relations/between.ts';
import { betweenOthers } from './relations/between-others.ts';
import { both } from './relations/both.ts';
import { ends } from './relations/ends.ts';
import { had, hadBy } from './relations/had.ts';
import { nobody } from './relations/nobody.ts';
import { ofItself } from './relations/own-keys.ts';
import { acted, actedBy, related } from './relations/relations.ts';
import { inRoles, madeBy } from './relations/roles.ts';
import { such } from './relations/such.ts';
import { times } from './relations/times.ts';
import { small } from './small.ts';

/** A plain question that was read to its last word. */
export interface PlainReading {
  readonly sql: string;
  readonly query: SelectQuery;
  /** The words and what they were read as, a line each. */
  readonly lines: readonly string[];
  /** How far it is from being said outright; readings that cost about the same are equally likely. */
  readonly cost: number;
}

/** Rules for the words before the noun, and for those behind it. */
const before: readonly Rule[] = [
  asksToCompare,
  shares,
  rates,
  meanOfCounts,
  counted,
  priced,
  workedOut,
  revenue,
  summed,
  spent,
  amounted,
  limits,
  superlatives,
  popular,
  shown,
  whereabouts,
  who,
  anything,
  flagNoun,
  columnNoun,
  newcomers,
  noun,
  eventNoun,
  states,
  values,
  alternatives,
  byPeriod,
  properties,
  comparisons,
  asking,
  impliedNoun,
  ofItself,
  inRoles,
  withinEach,
  betweenBefore,
];
const behind: readonly Rule[] = [
  countBehind,
  states,
  pieces,
  values,
  alternatives,
  numbered,
  periods,
  comparedPeriods,
  byPeriod,
  comparisons,
  comparedColumns,
  properties,
  related,
  both,
  nobody,
  acted,
  actedBy,
  ofItself,
  inRoles,
  madeBy,
  ends,
  had,
  hadBy,
  such,
  times,
  groups,
  onAverage,
  withinEach,
  superlatives,
  popular,
  byNamed,
  mostOf,
  ofExtreme,
  rankedBy,
  noun,
  between,
  betweenOthers,
];

/** No question has so many ways to be read that more steps would help. */
const mostSteps = 3000;

/** Every reading of a plain question that accounts for all of its words, the likeliest first. */
export function readPlain(analysis: Analysis): readonly PlainReading[] {
  return readAll(analysis).filter(({ query }) => misreadingOf(analysis, query) === null);
}

/** Why the likeliest reading of a plain question is none to answer with; null where nothing is known against it. */
export function plainMisreading(analysis: Analysis): string | null {
  const [first] = readAll(analysis);
  return first === undefined ? null : misreadingOf(analysis, first.query);
}

/** What was read of a question: several steps of its answer ask for it. */
const known = new WeakMap<Analysis, readonly PlainReading[]>();

function readAll(analysis: Analysis): readonly PlainReading[] {
  const readings = known.get(analysis) ?? readAnew(analysis);
  known.set(analysis, readings);
  return readings;
}

function readAnew(analysis: Analysis): readonly PlainReading[] {
  const names = namesOf(analysis);
  const lowers = analysis.tokens.map(({ lower }) => lower);
  const lemmas = analysis.tokens.map(({ lemma }) => lemma);
  const found = new Map<string, PlainReading>();
  for (const table of tablesAbout(analysis, names)) {
    const entry = analysis.schemaIndex.tables[table];
    if (entry === undefined) {
      continue;
    }
    const context: Context = {
      analysis,
      names,
      lowers,
      lemmas,
      table: entry,
      paths: pathsFrom(analysis.schemaIndex, table),
    };
    for (const reading of readWhole(context)) {
      const current = withCurrent(context, reading);
      const whole = current === null ? null : queryOf(context, current);
      if (current === null || whole === null) {
        continue;
      }
      const query = keptRows(analysis, whole);
      const sql = writeSql(analysis.schemaIndex, query);
      const known = found.get(sql);
      if (known === undefined || known.cost > reading.cost) {
        found.set(sql, {
          sql,
          query,
          lines: [
            ...current.lines,
            ...shareLine(context, current),
            ...(meanOf(context, current)?.lines ?? []),
            ...deletedLines(analysis, query),
          ],
          cost: current.cost,
        });
      }
    }
  }
  return [...found.values()].sort((a, b) => a.cost - b.cost);
}

function readWhole(context: Context): readonly Reading[] {
  const whole: Reading[] = [];
  const { tokens } = context.analysis;
  const open: Reading[] = [start];
  let steps = 0;
  for (let reading = open.pop(); reading !== undefined && steps < mostSteps; reading = open.pop(), steps++) {
    if (reading.at >= tokens.length) {
      whole.push(...(reading.named ? [reading] : impliedNoun(context, reading)));
      continue;
    }
    const current = partsShare(context, reading) ? { ...reading, share: reading.conditions.length } : reading;
    const next = (current.named ? behind : before).flatMap((rule) => rule(context, current));
    open.push(...next.filter(({ cost }) => cost <= highestCost), ...small(context, current));
  }
  return whole;
}

/** Readings further from the words than this are guesses. */
const highestCost = 1;
