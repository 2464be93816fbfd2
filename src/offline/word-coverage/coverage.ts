import type { Analysis } from '../analysis/analysis.ts';
import { indexOf } from '../analysis/feature.ts';
import harmless from '../data/harmless.json' with { type: 'json' };
import type { Candidate } from '../grammar/candidate.ts';
import { selectFeatures } from '../grammar/select.ts';
import type { Cue } from '../language/lexicon.ts';
import type { Token } from '../language/tokenize.ts';
import type { NameMention } from '../link/mention.ts';
import { isStrong, usedColumns } from '../rank/open.ts';
import { splitIdentifier } from '../schema-index/split.ts';
import { noAmount, notShownToo } from './and-more.ts';
import type { Consumed } from './consumed.ts';
import { isDone } from './cues.ts';
import { describing } from './describing.ts';
import { isEnd } from './ends.ts';
import { isLostGroup } from './lost-group.ts';
import { isSaidOfAll, isYearOf } from './said-of-all.ts';
import { shownAmiss } from './shown.ts';
import { isUnit, otherUnits } from './units.ts';
import { isOneOf, namesOf, rolesOf } from './used-names.ts';
import { asksForObject, isRelation } from './verbs.ts';

/** From here on a word is taken for another: a synonym, a form of it, what it is known to ask for; not what is merely near. */
const leastMatch = 0.72;

const weakest = indexOf(selectFeatures, 'weakest');

const isNamed = (features: readonly number[]): boolean => (features[weakest] ?? 0) >= leastMatch;

const isRead = (analysis: Analysis, mention: NameMention): boolean =>
  mention.weakest >= leastMatch && isStrong(analysis, mention);

/** The words that a candidate reads, and as what. Words that are harmless by the list are not among them. */
export function consumedBy(analysis: Analysis, candidate: Candidate): Consumed[] {
  const main = candidate.query.kind === 'set' ? candidate.query.left : candidate.query;
  const used = new Set([...usedColumns(candidate, main), ...main.group]);
  const tables = new Set(candidate.tables);
  for (const { inner } of candidate.filter.items) {
    if (inner !== null) {
      tables.add(inner);
    }
  }
  const consumed: Consumed[] = [];
  const take = (
    as: Consumed['as'],
    { start, end }: { readonly start: number; readonly end: number },
  ): void => {
    if (start >= 0 && end > start) {
      consumed.push({ start, end, as });
    }
  };
  // Whether rows are counted as the words say is told by their cue.
  for (const item of candidate.select.items) {
    if (item.expression.column === null ? item.expression.aggregate === null : isNamed(item.features)) {
      take('shown', item);
    }
  }
  for (const item of candidate.filter.items) {
    take('condition', item);
  }
  const { order } = candidate;
  if (order.item.by !== null && (order.item.by.column === null || isNamed(order.item.features))) {
    take('order', order.item);
  }
  if (candidate.having.item.left !== null) {
    take('group', candidate.having.item);
  }
  for (const mention of analysis.tables) {
    if (tables.has(mention.id) && isRead(analysis, mention)) {
      take('table', mention);
    }
  }
  for (const mention of analysis.columns) {
    if (used.has(mention.id) && isRead(analysis, mention)) {
      take('column', mention);
    }
  }
  for (const cue of analysis.cues) {
    if (isDone(analysis, candidate, cue)) {
      take('hint', cue);
    }
  }
  const names = namesOf(analysis, used, tables);
  const roles = rolesOf(analysis, main);
  analysis.tokens.forEach((token, index) => {
    if (token.kind === 'word' && (isOneOf(names, token) || roles.has(token.lemma))) {
      take('name', { start: index, end: index + 1 });
    }
    if (isRelation(analysis, candidate, index) || isEnd(analysis, candidate, index)) {
      take('join', { start: index, end: index + 1 });
    }
    const isLimit = token.number !== null && token.number === main.limit;
    if (isLimit) {
      take('order', { start: index, end: index + 1 });
    }
    if (isUnit(analysis, candidate, index)) {
      take('unit', { start: index, end: index + 1 });
    }
  });
  return consumed;
}

/** The tokens that a candidate neither reads nor may leave out, in order. */
export function unreadBy(analysis: Analysis, candidate: Candidate): number[] {
  const consumed = consumedBy(analysis, candidate);
  const read = new Set<number>();
  for (const { start, end } of consumed) {
    for (let index = start; index < end; index++) {
      read.add(index);
    }
  }
  const beside = [...compounds(analysis, candidate, read), ...describing(analysis, candidate, read)].filter(
    (index) => !read.has(index),
  );
  for (const index of beside) {
    read.add(index);
  }
  const main = candidate.query.kind === 'set' ? candidate.query.left : candidate.query;
  const amiss = new Set([
    ...shownAmiss(analysis, candidate, main),
    ...otherUnits(analysis, used(candidate)),
    ...notShownToo(analysis, candidate),
  ]);
  const lost = noAmount(analysis, main);
  return analysis.tokens.flatMap((token, index) =>
    (read.has(index) &&
      !amiss.has(index) &&
      !isContradicted(analysis, candidate, index) &&
      !asksForObject(analysis, candidate, index)) ||
    (isHarmless(analysis, token, index) && !lost.includes(index) && !isLostGroup(analysis, candidate, index))
      ? []
      : [index],
  );
}

/** The columns of a query that its own words may name. */
const used = (candidate: Candidate): readonly number[] => {
  const main = candidate.query.kind === 'set' ? candidate.query.left : candidate.query;
  return [...usedColumns(candidate, main), ...main.group];
};

/** Cues that turn a query round: to read the word as a name, such as `oldest` as a date of birth, is not enough. */
const binding: ReadonlySet<Cue> = new Set<Cue>([
  'adjmax',
  'adjmin',
  'max',
  'min',
  'most',
  'least',
  'not',
  'without',
]);

/** Whether a word asks for an extreme or a negation that the query does not have, and is no name or stored value. */
function isContradicted(analysis: Analysis, candidate: Candidate, index: number): boolean {
  const covers = ({ start, end }: { readonly start: number; readonly end: number }): boolean =>
    start <= index && index < end;
  const cues = analysis.cues.filter((mention) => binding.has(mention.cue) && covers(mention));
  if (cues.length === 0 || cues.some((mention) => isDone(analysis, candidate, mention))) {
    return false;
  }
  // `at least two` asks for no extreme.
  const isPart = analysis.cues.some(
    (mention) => mention.end > mention.start + 1 && covers(mention) && isDone(analysis, candidate, mention),
  );
  const isName =
    [...analysis.columns, ...analysis.tables].some((mention) => mention.weakest >= 0.95 && covers(mention)) ||
    isExtremeOfName(analysis, candidate, index);
  return (
    !isPart && !isName && !analysis.values.some((mention) => mention.match === 'exact' && covers(mention))
  );
}

/** Whether `max` or `minimum` is part of the name of a column that the query uses: `max temperature`. */
function isExtremeOfName({ schemaIndex, tokens }: Analysis, candidate: Candidate, index: number): boolean {
  const [word = ''] = splitIdentifier(tokens[index]?.lower ?? '');
  return (
    /^(?:maximum|minimum|average|mean)$/u.test(word) &&
    used(candidate).some((id) => schemaIndex.columns[id]?.words.includes(word) === true)
  );
}

/** Words such as `number` and `members` that stand beside one that is read: `phone number`, `number of medals`. */
function compounds(analysis: Analysis, candidate: Candidate, read: ReadonlySet<number>): number[] {
  const { tokens } = analysis;
  return tokens.flatMap(({ lower }, index) => {
    if (!generic.has(lower) || isUncounted(analysis, candidate, index, read)) {
      return [];
    }
    const after = tokens[index + 1]?.lower === 'of' ? index + 2 : index + 1;
    const beside = [index - 1, after, tokens[after]?.lower === 'the' ? after + 1 : after];
    const counts =
      /^(?:records?|rows?|entries|entry|times)$/u.test(lower) && tokens[index - 1]?.number != null;
    return beside.some((at) => read.has(at) && (tokens[at]?.kind === 'word' || (counts && at === index - 1)))
      ? [index]
      : [];
  });
}

/** Whether `number of` asks for a count that the query has not: it is no part of a `phone number`. */
function isUncounted(
  analysis: Analysis,
  candidate: Candidate,
  index: number,
  read: ReadonlySet<number>,
): boolean {
  const asked = analysis.cues.filter(
    ({ cue, start, end }) => cue === 'count' && start <= index && index < end && end > start + 1,
  );
  return (
    asked.length > 0 && !read.has(index - 1) && !asked.some((mention) => isDone(analysis, candidate, mention))
  );
}

const generic: ReadonlySet<string> = new Set(harmless.generic);
const words: ReadonlySet<string> = new Set(harmless.words);
const asking: ReadonlySet<string> = new Set(harmless.asking);

/** Whether a word says nothing that a query must do. */
function isHarmless(analysis: Analysis, token: Token, index: number): boolean {
  if (token.kind === 'mark') {
    return true;
  }
  if (token.kind !== 'word') {
    return false;
  }
  if (words.has(token.lower)) {
    return true;
  }
  return (
    (asking.has(token.lower) && opensSentence(analysis, index)) ||
    isSaidOfAll(analysis, index) ||
    isYearOf(analysis, index)
  );
}

/** Whether only words that ask stand before a token in its sentence: `please show me`. */
function opensSentence({ tokens }: Analysis, index: number): boolean {
  for (let at = index - 1; at >= 0; at--) {
    const { kind, lower } = tokens[at] ?? { kind: 'mark', lower: '.' };
    if (kind === 'mark' && /^[.?!;:,]$/u.test(lower)) {
      return true;
    }
    if (kind !== 'mark' && !words.has(lower) && !asking.has(lower)) {
      return false;
    }
  }
  return true;
}
