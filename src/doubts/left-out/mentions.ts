import { isLiteral, isTextLiteral, literalText } from '../predicates.ts';
import { isNode, type Node, nameOf, nodesOf, textIn } from '../sql-tree.ts';

/** What a statement mentions: all that could be an answer to a part of the question. */
export interface Mentions {
  /** The texts of literals, as they are written. */
  readonly texts: readonly string[];
  /** Every number, those within texts too. */
  readonly numbers: readonly number[];
  /** Those of the numbers that something is more or less than. */
  readonly bounds: readonly number[];
  /** Those that something is equal to. */
  readonly equals: readonly number[];
  /** The names of tables and columns that are read. */
  readonly names: readonly string[];
  /** The names that the statement itself gives. */
  readonly aliases: readonly string[];
}

/** What a node is a part of. */
interface Place {
  /** A comparison with more or less. */
  readonly isBound: boolean;
  /** A comparison with the same. */
  readonly isEqual: boolean;
}

/** Fields that say how a value is written or where it stands, and not what is asked. */
const silent = new Set(['loc', 'tableList', 'columnList', 'target']);

const isOrder = /^(?:[<>]=?|(?:NOT )?BETWEEN)$/u;
const isEquality = /^(?:==?|<>|!=|(?:NOT )?IN)$/u;

/** Reads what a statement mentions. */
export function readMentions(root: Node): Mentions {
  const texts: string[] = [];
  const numbers: number[] = [];
  const bounds: number[] = [];
  const equals: number[] = [];
  const names: string[] = [];
  const aliases: string[] = [];
  const read = (value: unknown, place: Place): void => {
    if (Array.isArray(value)) {
      for (const inner of value) {
        read(inner, place);
      }
      return;
    }
    if (!isNode(value)) {
      return;
    }
    if (isLiteral(value)) {
      const found = numbersIn(literalText(value));
      numbers.push(...found);
      bounds.push(...(place.isBound ? found : []));
      equals.push(...(place.isEqual ? found : []));
      numbers.push(...wildcardCounts(literalText(value)));
      texts.push(...(isTextLiteral(value) || value['type'] !== 'number' ? [literalText(value)] : []));
      return;
    }
    // A list may be all of what is counted: "both", "the 2 days before Saturday".
    numbers.push(...(value['type'] === 'expr_list' ? [nodesOf(value['value']).length] : []));
    const name = nameOf(value['type'] === 'column_ref' ? value['column'] : value['table']);
    if (name !== null) {
      names.push(name);
      if (value['type'] === 'column_ref') {
        return;
      }
    }
    const alias = nameOf(value['as']);
    aliases.push(...(alias === null ? [] : [alias]));
    const operator = textIn(value, 'operator')?.toUpperCase() ?? '';
    const isInner = value['type'] === 'select';
    const within: Place = {
      isBound: isOrder.test(operator) || (place.isBound && !isInner),
      isEqual: isEquality.test(operator) || (place.isEqual && !isInner),
    };
    for (const [field, inner] of Object.entries(value)) {
      if (!silent.has(field)) {
        read(inner, within);
      }
    }
  };
  read(root, { isBound: false, isEqual: false });
  return { texts, numbers, bounds, equals, names, aliases };
}

/** How many of each wildcard a pattern has: `'___'` is three letters, `'%,%,%'` three parts. */
function wildcardCounts(text: string): readonly number[] {
  return ['%', '_'].flatMap((wildcard) => {
    const count = text.split(wildcard).length - 1;
    return count > 1 ? [count] : [];
  });
}

/** The numbers in a text: `2024-01-05` has 2024, 1 and 5; `1,000` has 1000 as well. */
export function numbersIn(text: string): readonly number[] {
  return [
    ...(text.match(/\d+(?:\.\d+)?/gu) ?? []),
    ...(text.match(/\d+/gu) ?? []),
    ...(text.match(/\d{1,3}(?:[,. ]\d{3})+/gu) ?? []).map((number) => number.replaceAll(/\D/gu, '')),
  ].map(Number);
}
