import { isLiteral, literalText } from '../predicates.ts';
import { isNode, type Node, textIn, walk } from '../sql-tree.ts';
import { withoutQuotes } from './wording.ts';

/** Words between a bound and its number: "more than the age of 30", "over $ 30". */
const gap = String.raw` (?:[\p{L}$€£]+ ){0,2}[$€£]?`;
const number = String.raw`(?<number>\d+(?:[.,]\d+)*)(?![\p{L}\d])`;
const negated = String.raw`(?<!(?:\bno|\bnot|n't|nicht|kein\p{L}*|never|neither|nor) (?:\p{L}+ )?)`;

/** What a number is more or less than, in words. */
const words = {
  more: 'more than|greater than|higher than|larger than|bigger than|older than|longer than|heavier than|at least|above|over|exceeding|mehr als|größer als|älter als|mindestens|über|más de|mayor de|al menos',
  less: 'less than|fewer than|lower than|smaller than|younger than|shorter than|lighter than|at most|below|under|weniger als|kleiner als|jünger als|höchstens|unter|menos de|menor de',
};
const patterns = Object.entries(words).map(([way, some]) => ({
  way,
  pattern: new RegExp(String.raw`${negated}(?<![\p{L}])(?<said>${some})${gap}${number}`, 'giu'),
}));

/** The bounds of a question whose number the SQL compares the other way round, and no other way. */
export function turnedBounds(question: string, root: Node): readonly string[] {
  if (takesAway(root)) {
    return [];
  }
  const compared = comparisonsIn(root);
  const said = patterns.flatMap(({ way, pattern }) =>
    [...withoutQuotes(question).matchAll(pattern)].map(({ groups }) => ({
      way,
      text: `${groups?.['said']} ${groups?.['number']}`,
      number: Number(groups?.['number']?.replaceAll(',', '')),
    })),
  );
  return said
    .filter(({ way, number: bound }) => {
      const ways = compared.filter((one) => one.number === bound).map((one) => one.way);
      const both = said.some((one) => one.number === bound && one.way !== way);
      return !both && ways.length > 0 && ways.every((one) => one !== way && one !== 'either');
    })
    .map(({ text }) => text.toLowerCase());
}

/** Whether a statement leaves rows out by what they are not. */
function takesAway(root: Node): boolean {
  return [...walk(root, { intoSelects: true })].some(
    (node) =>
      /\bNOT\b/iu.test(textIn(node, 'operator') ?? '') ||
      /except|minus/iu.test(textIn(node, 'set_op') ?? '') ||
      (node['type'] === 'function' && /"not\b/iu.test(JSON.stringify(node['name']))),
  );
}

/** The numbers that a statement compares with, and whether what is compared has to be more or less. */
function comparisonsIn(root: Node): readonly { readonly number: number; readonly way: string }[] {
  return [...walk(root, { intoSelects: true })].flatMap((node) => {
    const operator = textIn(node, 'operator') ?? '';
    const { left, right } = node;
    const isRight = isNode(right) && isLiteral(right);
    const literal = isRight ? right : isNode(left) && isLiteral(left) ? left : null;
    if (node['type'] !== 'binary_expr' || literal === null) {
      return [];
    }
    const way = !/^[<>]=?$/u.test(operator)
      ? 'either'
      : operator.startsWith('>') === isRight
        ? 'more'
        : 'less';
    return [{ number: Number(literalText(literal)), way }];
  });
}
