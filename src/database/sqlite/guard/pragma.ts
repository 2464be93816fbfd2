import type { Verdict } from '../../database.ts';
import { describingPragmas, listingPragmas, tellingPragmas } from './functions.ts';
import { lex, single, type Token } from './lex.ts';
import { fold, isIdentifier, isSign, Refusal } from './token.ts';

/**
 * PRAGMA journal_mode without a value, for which SQLite does not say that it only reads; it does:
 * https://sqlite.org/pragma.html#pragma_journal_mode
 */
export function tellsJournalMode(sql: string): boolean {
  const words = single(lex(sql))?.map(({ kind, text }) => (kind === 'word' ? fold(text) : `${kind} ${text}`));
  return /^pragma,(main,sign \.,)?journal_mode$/.test(String(words));
}

const read: Verdict = { kind: 'read', reason: null };

/** PRAGMA [main.]name, name(argument) or name = argument. */
export function judgePragma(tokens: readonly Token[]): Verdict {
  const [first, dot] = tokens;
  const hasSchema = isSign(dot, '.');
  if (hasSchema && !(isIdentifier(first) && fold(first?.text ?? '') === 'main')) {
    throw new Refusal('PRAGMA is only for the database main');
  }
  const rest = hasSchema ? tokens.slice(2) : tokens;
  const [name, mark, value, ...tail] = rest;
  if (name === undefined || !isIdentifier(name)) {
    throw new Refusal('PRAGMA needs a name');
  }
  const pragma = fold(name.text);
  const hasArgument = mark !== undefined;
  if (!hasArgument && (listingPragmas.has(pragma) || tellingPragmas.has(pragma))) {
    return read;
  }
  if (!hasArgument && pragma === 'journal_mode' && name.kind === 'word') {
    return read;
  }
  if (!describingPragmas.has(pragma)) {
    throw new Refusal(
      hasArgument && tellingPragmas.has(pragma)
        ? `PRAGMA ${pragma} with a value would change a setting`
        : `PRAGMA ${pragma} is not on the list of those that only read`,
    );
  }
  const isWhole =
    !hasArgument ||
    (value !== undefined &&
      value.kind !== 'sign' &&
      (isSign(mark, '(')
        ? tail.length === 1 && isSign(tail[0], ')')
        : isSign(mark, '=') && tail.length === 0));
  if (!isWhole) {
    throw new Refusal(`PRAGMA ${pragma} takes one name`);
  }
  return read;
}
