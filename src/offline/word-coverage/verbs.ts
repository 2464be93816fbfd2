import type { Analysis } from '../analysis/analysis.ts';
import harmless from '../data/harmless.json' with { type: 'json' };
import type { Candidate } from '../grammar/candidate.ts';
import type { NameMention } from '../link/mention.ts';
import { speaksOf } from '../plain/relations/relations.ts';
import type { Query } from '../query/tree.ts';
import { usedColumns } from '../rank/open.ts';
import type { SchemaIndex } from '../schema-index/schema-index.ts';
import { prepositions } from './small-words.ts';

const relations: ReadonlySet<string> = new Set(harmless.relations);
const changing: ReadonlySet<string> = new Set(harmless.changing);

/** Whether a word is a verb that says how what the query joins, groups or compares belongs together, and no more. */
export function isRelation(analysis: Analysis, candidate: Candidate, index: number): boolean {
  const { tables, tokens } = analysis;
  const { lemma = '' } = tokens[index] ?? {};
  if (!relations.has(lemma) || ranksOther(analysis, candidate, index)) {
    return false;
  }
  const main = candidate.query.kind === 'set' ? candidate.query.left : candidate.query;
  const inner = candidate.filter.items.flatMap((item) => item.inner ?? []);
  const used = new Set([...candidate.tables, ...inner]);
  // `orders` is no verb where it names a table that the query leaves out.
  const isLeftOut = tables.some(
    ({ id, start, end, weakest }) => weakest >= 0.85 && start <= index && index < end && !used.has(id),
  );
  if (isLeftOut) {
    return false;
  }
  const [next, afterNext] = [tokens[index + 1]?.lower ?? '', tokens[index + 2]?.lower];
  const isForEach = /^(?:by|each|every|per)$/u.test(next) || (next === 'for' && afterNext === 'each');
  return (
    used.size > 1 ||
    (main.group.length > 0 &&
      (main.order.length > 0 || main.having !== null || isForEach || !changing.has(lemma))) ||
    leadsToCondition(analysis, candidate, index) ||
    leadsToUsed(analysis, candidate, index) ||
    endsOn(analysis, candidate, index)
  );
}

/**
 * Whether a verb asks what somebody does it to, as in `what does Delta supply?`: that suppliers are called so does not
 * answer it.
 */
export function asksForObject({ tokens }: Analysis, candidate: Candidate, index: number): boolean {
  const asks = tokens[0]?.lower === 'what' && /^(?:do|does|did)$/u.test(tokens[1]?.lower ?? '');
  const isLast = index > 2 && tokens.slice(index + 1).every(({ kind }) => kind === 'mark');
  return asks && isLast && candidate.tables.length === 1;
}

/**
 * Whether a verb says what is ranked by, `most borrowed`, and the query has no table of which it speaks: to count other rows
 * is to answer another question.
 */
function ranksOther({ schemaIndex, tokens }: Analysis, { query, tables }: Candidate, index: number): boolean {
  const beside = [tokens[index - 1]?.lower ?? '', tokens[index + 1]?.lower ?? ''];
  const { lower = '', lemma = '' } = tokens[index] ?? {};
  // How often a value stands in the rows is how often it is used.
  if (lemma === 'use' && groupsByValue(schemaIndex, query)) {
    return false;
  }
  // `which doctor tutors the most?`
  const after = tokens.slice(index + 1).map((token) => token.lower);
  const ends = /^the (?:most|least)(?: [.?!])?$/u.test(after.join(' '));
  return (
    (ends || (/(?:ed|en|t|d)$/u.test(lower) && beside.some((word) => word === 'most' || word === 'least'))) &&
    !tables.some((id) => speaksOf(lower, lemma, schemaIndex.tables[id]?.words ?? []))
  );
}

/** Whether rows of one table are grouped by a column that does not tell them apart. */
function groupsByValue({ columns, tables }: SchemaIndex, query: Query): boolean {
  const [by, ...others] = query.kind === 'select' && query.joins.length === 0 ? query.group : [];
  const column = columns[by ?? -1];
  return column !== undefined && others.length === 0 && !column.primary && tables[column.table]?.label !== by;
}

/** Whether a verb only leads to a condition that the query has: `songs written by Ann`, `placed this year`. */
export function leadsToCondition(
  { columns, tokens }: Analysis,
  { filter }: Candidate,
  index: number,
): boolean {
  let next = index + 1;
  while (prepositions.has(tokens[next]?.lower ?? '') || leads.has(tokens[next]?.lower ?? '')) {
    next++;
  }
  // What is compared with may be named first: `used by grade 5`, `who live in building NEB`.
  const named = columns.some(({ start, weakest }) => start === next && weakest >= 0.85);
  return filter.items.some(
    ({ start, end }) => start > index && start <= (named ? next + 1 : next) && end > next,
  );
}

const leads: ReadonlySet<string> = new Set(['the', 'a', 'an', 'as', 'year', 'of', 'both', 'either']);

/** Whether a verb leads to a column or a table of the query: `films produced by a studio`, `teams involved in matches`. */
function leadsToUsed({ columns, tables, tokens }: Analysis, candidate: Candidate, index: number): boolean {
  if (changing.has(tokens[index]?.lemma ?? '')) {
    return false;
  }
  const main = candidate.query.kind === 'set' ? candidate.query.left : candidate.query;
  const used = new Set([...usedColumns(candidate, main), ...main.group]);
  let next = index + 1;
  while (between.has(tokens[next]?.lower ?? '') || (next > index + 1 && tokens[next]?.number != null)) {
    next++;
  }
  const isNext = ({ start, end, weakest }: NameMention): boolean =>
    weakest >= 0.85 && start <= next && next < end;
  return (
    columns.some((mention) => used.has(mention.id) && isNext(mention)) ||
    (used.size > 0 && tables.some((mention) => candidate.tables.includes(mention.id) && isNext(mention)))
  );
}

/** Words that may stand between a verb and what it leads to. */
const between: ReadonlySet<string> = new Set(
  'by in at on for from to with the a an of more less than most fewest least highest lowest longest recent any all each both some'.split(
    ' ',
  ),
);

/** Whether a question for a column ends on a verb: `which city does Ann live in?`. */
function endsOn({ tokens }: Analysis, { select }: Candidate, index: number): boolean {
  return (
    !changing.has(tokens[index]?.lemma ?? '') &&
    /^(?:which|what|how)$/u.test(tokens[0]?.lower ?? '') &&
    tokens.slice(index + 1).every(({ kind, lower }) => kind === 'mark' || prepositions.has(lower)) &&
    select.items.some(
      ({ expression, start, end }) => expression.column !== null && start >= 0 && end <= index,
    )
  );
}
