import type { SqlqError } from '../errors.ts';
import { hasSwapped, isOneSlip } from '../schema/nearest.ts';
import { piecesOf } from '../schema/pieces.ts';
import type { Verdict } from './admitted-statement.ts';
import type { SqlDialect } from './dialect.ts';
import { refusalOf } from './refusals.ts';

/** Words of every engine's SELECT that are misspelt in the middle of a statement. */
const keywords =
  'FROM WHERE GROUP ORDER BY HAVING LIMIT OFFSET JOIN INNER LEFT RIGHT CROSS ON USING AND OR NOT IN LIKE BETWEEN IS NULL AS DISTINCT UNION INTERSECT EXCEPT ALL CASE WHEN THEN ELSE END ASC DESC SELECT VALUES'.split(
    ' ',
  );
/** Of shorter words too many are one letter away. */
const leastLetters = 4;

/** The keyword that a word was most likely meant to be; null where it is one, or like none. */
export function keywordNear(word: string): string | null {
  const wanted = word.toUpperCase();
  const near = (keyword: string): boolean =>
    hasSwapped(wanted, keyword) || (wanted.length >= leastLetters && isOneSlip(wanted, keyword));
  return keywords.includes(wanted) ? null : (keywords.find(near) ?? null);
}

/**
 * What is said, on every engine, of a word that does not belong where it stands, after `before`, the word that stands
 * before it: a misspelt keyword may have been taken for a name, so that the next word is the one that nobody expects.
 */
export function misplacedVerdict(place: string, word: string, before: string): Verdict {
  const reason = word === '' ? 'Syntax error at the end.' : `Syntax error near "${word}"${place}.`;
  const near = keywordNear(word) ?? keywordNear(before);
  return near === null ? { kind: 'syntax', reason } : { kind: 'syntax', reason, near };
}

/** A database's error for text that it can't read, in the words of the guards; null for another error. */
export function syntaxRefusal({ message }: SqlqError, sql: string, dialect: SqlDialect): SqlqError | null {
  const found = dialect.syntaxErrors.map((pattern) => pattern.exec(message)).find((match) => match !== null);
  if (found === undefined) {
    return null;
  }
  const rest = found.groups?.['rest'] ?? found.groups?.['near'] ?? '';
  const pieces = piecesOf(sql, dialect) ?? [];
  const at = rest === '' ? sql.length : sql.lastIndexOf(rest);
  // Of a word alone that stands there more than once it is not known which is meant.
  const isOnly = found.groups?.['rest'] !== undefined || sql.indexOf(rest) === at;
  const isSure = rest === '' || (at !== -1 && isOnly);
  const index = isSure ? pieces.findIndex(({ start }) => start >= at) : -1;
  const word = index === -1 ? (/^\S+/u.exec(rest)?.[0] ?? '') : (pieces[index]?.text ?? '');
  const before = (index === -1 ? (isSure ? pieces.at(-1) : undefined) : pieces[index - 1])?.text ?? '';
  return refusalOf(misplacedVerdict(isSure ? ` (${placeIn(sql, at)})` : '', word, before));
}

/** `line 1, column 10`. */
export function placeIn(sql: string, at: number): string {
  const lines = sql.slice(0, at).split('\n');
  return `line ${lines.length}, column ${(lines.at(-1) ?? '').length + 1}`;
}
