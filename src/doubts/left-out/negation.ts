import type { Asked } from '../question.ts';
import { isNode, type Node, textIn, walk } from '../sql-tree.ts';
import { fold } from '../values/nearest-value.ts';
import type { Mentions } from './mentions.ts';
import { withoutQuotes } from './wording.ts';

/** Words that negate, of the languages that questions are asked in. */
const negations =
  /(?<![\p{L}\p{N}_-])(?:not|cannot|\p{L}+n['’]t|never|without|except|excluding|neither|no|nicht|keine?[nrsm]?|ohne|niemals|außer|sans|pas|jamais|aucune?|sauf|sin|nunca|ning[uú]n[ao]?|excepto|salvo|non|senza|não)(?![\p{L}\p{N}_])/giu;
/** What negates nothing that is looked for: limits, manners of speaking, and what is said of the answer's form. */
const idioms =
  /\b(?:whether or not|or not|not only|not just|if not|no matter|no limit\w*|I (?:do not|don['’]t|cannot|can['’]t) \p{L}+|^\s*why\b.*|no longer than|no\.|(?:total |number )?no\.? of|not? (?:\p{L}+ ){0,3}(?:more|less|fewer|later|earlier|greater|higher|lower|older|younger|longer|shorter) than|(?:do not|don['’]?t|without|(?:and|but),? not) (?:\p{L}+ )?(?:includ\w+|show\w*|display\w*|return\w*|list\w*|repeat\w*|repet\w*|duplicat\w*|count\w*|round\w*|sort\w*|forget|worry|care|group\w*|limit\w*)\b|without (?:\p{L}+ )?(?:using|order\w*)|no (?:duplicat|repe)\w*|not? (?:exceed\w*|over|above|below|under|beyond|before|after)|(?:and|or|which|who) (?:\p{L}+ )*(?:do|does|did|are|is|was|were|have|has|had) ?n[o'’]t(?=\s*(?:[?.]|$))|^\s*(?:no|not|nicht)\b)/giu;

/** A word by which a question negates, where nothing in its SQL does; null for none. */
export function lostNegation(question: string, root: Node, mentions: Mentions, asked: Asked): string | null {
  const plain = withoutQuotes(question);
  // The idioms take V8 two milliseconds to compile, and few questions need them.
  if (plain.search(negations) === -1) {
    return null;
  }
  const [word] = plain.replaceAll(idioms, ' ').match(negations) ?? [];
  return word === undefined || negates(root) || isSaidOtherwise(mentions, asked) ? null : word;
}

/** Whether a statement leaves something out, or tells it apart, in any of the ways that there are. */
function negates(root: Node): boolean {
  for (const node of walk(root, { intoSelects: true })) {
    const operator = textIn(node, 'operator')?.toUpperCase() ?? '';
    if (/\bNOT\b|^(?:<>|!=|!|IS|-|!~\*?|~|DISTINCT)/u.test(operator) || node['type'] === 'case') {
      return true;
    }
    // More than the least is not the least.
    if (/^[<>]=?$/u.test(operator) && isNode(node['right']) && isNode(node['right']['ast'])) {
      return true;
    }
    if (/LEFT|RIGHT|FULL|ANTI/iu.test(textIn(node, 'join') ?? '')) {
      return true;
    }
    if (/except|minus/iu.test(textIn(node, 'set_op') ?? '')) {
      return true;
    }
    if (
      node['type'] === 'function' &&
      /"(?:not|iif|if|coalesce|ifnull|nullif)\b/iu.test(JSON.stringify(node['name']))
    ) {
      return true;
    }
    const right = node['right'];
    if (
      isNode(right) &&
      (right['type'] === 'bool' || (right['type'] === 'number' && Number(right['value']) <= 1))
    ) {
      return true;
    }
  }
  return false;
}

/** Whether a value or a name says it: 'inactive', 'pending' for what is not paid, `is_missing`. */
function isSaidOtherwise({ texts, numbers, names }: Mentions, asked: Asked): boolean {
  return (
    texts.some((text) => text === '') ||
    texts.some((text) => /[\p{L}\p{N}]/u.test(text) && !isSaid(text, asked)) ||
    texts.some((text) => /^(?:n|f|no|not|non|none|never|false)\b/u.test(fold(text))) ||
    numbers.some((number) => !asked.says(String(number))) ||
    names.some((name) =>
      /(?:^|[ _])(?:no|not|non|without|never|un\p{L}+|in\p{L}+|missing|absent)(?:$|[ _])/iu.test(name),
    )
  );
}

/** Whether the question has a text, or all of its words. */
function isSaid(text: string, asked: Asked): boolean {
  const words = fold(text).split(' ');
  return words.every((word) => asked.says(word));
}
