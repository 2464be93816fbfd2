import { functionName, isNode, type Node, nodesOf, walk } from '../sql-tree.ts';
import { fold } from '../values/nearest-value.ts';
import type { Mentions } from './mentions.ts';
import { withoutQuotes } from './wording.ts';

/** Words that ask for the first of an order; "maximum" names what a column holds as often. */
export const superlatives =
  /(?<![\p{L}\p{N}_'’-])(?:most|least|fewest|highest|lowest|largest|smallest|biggest|greatest|youngest|oldest|longest|shortest|tallest|heaviest|lightest|cheapest|newest|earliest|latest|fastest|slowest|älteste[nrs]?|jüngste[nrs]?|höchste[nrsm]?|niedrigste[nrsm]?|größte[nrsm]?|kleinste[nrsm]?|meisten|billigste[nrs]?|teuerste[nrs]?)(?![\p{L}\p{N}_'’-])/giu;
/** What asks for no extreme: a bound, a part, or an order of all. */
const idioms =
  /(?:^\s*most \p{L}+s\b)|\b(?:at (?:the )?(?:very )?(?:most|least|latest|earliest|maximum|minimum)|most \d+|most of|(?:to|starting with|starting from|beginning with) (?:the )?(?:most|least|highest|lowest|largest|smallest|oldest|youngest|newest|earliest|latest|longest|shortest|biggest|best|worst)|(?:most|least|highest|lowest|largest|smallest|oldest|youngest|newest|earliest|latest|longest|shortest|biggest)(?: \p{L}+)?(?= (?:to|first|last)\b)|first (?:most|latest))\b/giu;
/** What makes an order of all rows an answer. */
const ordered =
  /\b(?:order\w*|sort\w*|ranked|ranking|each|every|per|descending|ascending|decreasing|increasing|alphabetical\w*)\b/iu;

/** A superlative of a question whose SQL looks for no extreme of anything; null for none. */
export function lostSuperlative(question: string, root: Node, mentions: Mentions): string | null {
  const plain = withoutQuotes(question);
  // As with negations: the idioms are long to compile.
  if (plain.search(superlatives) === -1) {
    return null;
  }
  const [word] = plain.replaceAll(idioms, ' ').match(superlatives) ?? [];
  if (word === undefined || isNamed(word, mentions) || hasExtreme(root)) {
    return null;
  }
  // Of several, all may be wanted, the first of them first.
  if (isOrdered(root) && ordered.test(plain)) {
    return null;
  }
  return word;
}

function isOrdered(root: Node): boolean {
  return nodesOf(root['orderby']).length > 0;
}

/** Whether a column or a value has the word itself: `highest_score`, 'most valuable'. */
function isNamed(word: string, { names, texts }: Mentions): boolean {
  const stem = fold(word).slice(0, 3);
  return [...names, ...texts].some((name) => fold(name).includes(stem));
}

/** Whether a statement takes an extreme: a LIMIT, MAX or MIN, a window, a comparison with all. */
function hasExtreme(root: Node): boolean {
  for (const node of walk(root, { intoSelects: true })) {
    const name = functionName(node) ?? '';
    const limit = node['limit'];
    const isCut = isNode(limit) && nodesOf(limit['value']).length > 0;
    const isFirst =
      Array.isArray(node['distinct']) || /DISTINCT ON/iu.test(JSON.stringify(node['distinct'] ?? ''));
    if (
      isCut ||
      isFirst ||
      node['type'] === 'window_func' ||
      isNode(node['over']) ||
      /^(?:MAX|MIN|GREATEST|LEAST|ALL|MAX_BY|MIN_BY|ARG_MAX|ARG_MIN|ARGMAX|ARGMIN)$/u.test(name) ||
      /EXISTS/iu.test(String(node['operator'] ?? ''))
    ) {
      return true;
    }
  }
  return false;
}
