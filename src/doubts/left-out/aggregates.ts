import { functionName, isNode, type Node, nameOf, textIn, walk } from '../sql-tree.ts';
import { fold } from '../values/nearest-value.ts';
import type { Mentions } from './mentions.ts';
import { withoutQuotes } from './wording.ts';

/** What words ask for, and what can stand for it in SQL. */
interface Wish {
  readonly words: RegExp;
  /** The functions that reckon it. */
  readonly functions: RegExp;
  /** Parts of names of columns that hold it. */
  readonly names: RegExp;
  /** A column that is called like what is asked for may hold it: the number of `rooms`. */
  readonly mayBeHeld: boolean;
}

/** What is reckoned from many rows; words that can mean a column as well are left out. */
const wishes: readonly Wish[] = [
  {
    words: /(?<![\p{L}-])(?:average|on average|averaged?|durchschnitt\p{L}*|promedio)(?![\p{L}-])/iu,
    functions: /^(?:AVG|SUM|TOTAL|MEDIAN|PERCENTILE\w*)$/u,
    names: /av(?:e|era)?ge?|mean|durchschnitt|promedio/u,
    mayBeHeld: false,
  },
  {
    words:
      /(?<![\p{L}-])(?:how many|(?<!(?:phone|telephone|fax|room|serial|flight|most|fewest|highest|lowest|greatest|largest|smallest|ascending|descending) )number of|wie viele|cu[aá]nt[oa]s)(?= (?!times|points|years|days|hours|minutes))/iu,
    functions: /^(?:COUNT|SUM|TOTAL|AVG|MAX|MIN|ROW_NUMBER|RANK|DENSE_RANK|LENGTH|CHAR_LENGTH|APPROX\w*)$/u,
    names:
      /num|count|total|amount|quantity|qty|size|capacity|how|many|no(?:_| |$)|#|anzahl|n[uú]mero|cantidad/u,
    mayBeHeld: true,
  },
];

/** Words that ask for an aggregate that nothing in the SQL reckons or holds; null for none. */
export function lostAggregate(question: string, root: Node, mentions: Mentions): string | null {
  const plain = withoutQuotes(question);
  const called = [...walk(root, { intoSelects: true })].flatMap((node) => functionName(node) ?? []);
  for (const { words, functions, names, mayBeHeld } of wishes) {
    const found = words.exec(plain);
    const said = found?.[0];
    if (
      said !== undefined &&
      !(mayBeHeld && isHeld(plain.slice((found?.index ?? 0) + said.length), root)) &&
      !called.some((name) => functions.test(name)) &&
      ![...mentions.names, ...mentions.texts].some((name) => names.test(fold(name))) &&
      !hasQuotient(root)
    ) {
      return said.toLowerCase();
    }
  }
  return null;
}

/** Whether one of the next words is in the name of a column that is read: it holds the number. */
function isHeld(after: string, root: Node): boolean {
  const columns = [...walk(root, { intoSelects: true })].flatMap((node) =>
    node['type'] === 'column_ref' ? (nameOf(node['column']) ?? []) : [],
  );
  const words = fold(after)
    .split(' ')
    .slice(0, 4)
    .filter((word) => word.length > 2);
  return columns.some((name) => words.some((word) => fold(name).includes(word.replace(/e?s$/u, ''))));
}

function hasQuotient(root: Node): boolean {
  return [...walk(root, { intoSelects: true })].some((node) => node['operator'] === '/');
}

/** Words that ask for one number for each of several things. */
const each =
  /\b(?:for each|in each|of each|by each|for every|each|jede[mnrs]?|cada|por cada)\b (?!others?\b|times?\b)\p{L}*/iu;

/** Words that ask for an aggregate of each group, where the SQL reckons one of all rows; null for none. */
export function lostGroups(question: string, root: Node): string | null {
  const plain = withoutQuotes(question);
  const [said] = each.exec(plain) ?? [];
  const columns = Array.isArray(root['columns']) ? root['columns'] : [];
  const nodes = [...walk(root, { intoSelects: true })];
  const isOneNumber =
    columns.length > 0 &&
    columns.every(
      (column) =>
        isNode(column) &&
        isNode(column['expr']) &&
        column['expr']['type'] === 'aggr_func' &&
        !isNode(column['expr']['over']),
    );
  const isGrouped = nodes.some(({ groupby }) => isNode(groupby) && JSON.stringify(groupby).length > 40);
  return said === undefined || !isOneNumber || isGrouped ? null : said.trim().toLowerCase();
}

/** Words by which something is more or less than a number. */
const bound =
  /(?<![\p{L}-])(?:(?:more|less|fewer|greater|higher|lower|larger|smaller|older|younger|longer|shorter|heavier|bigger|better) than|at least|at most|above|below|over|under|exceed\w*|mehr als|weniger als|mindestens|h[oö]chstens|über|unter|m[aá]s de|menos de|al menos)(?= (?:\p{L}+ ){0,2}(?:[2-9]|\d\d))/iu;

/** A bound of the question where the SQL compares nothing by more or less; null for none. */
export function lostBound(question: string, root: Node): string | null {
  const [said] = bound.exec(withoutQuotes(question)) ?? [];
  const compares = [...walk(root, { intoSelects: true })].some((node) =>
    /^(?:[<>]=?|(?:NOT )?(?:BETWEEN|LIKE|IN)|-|<>|!=|EXCEPT)$/u.test(
      textIn(node, 'operator')?.toUpperCase() ?? '',
    ),
  );
  return said === undefined || compares ? null : said.toLowerCase();
}
