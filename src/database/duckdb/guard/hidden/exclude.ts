import { lex, type Token } from '../syntax/lex.ts';
import { fold } from '../syntax/names.ts';
import { closingBracket, isIdentifier, isSign, keyword } from '../syntax/tokens.ts';

/**
 * A query without the entries of EXCLUDE that name one of some columns, by folded names: where those columns are not there,
 * nothing is left to exclude, and the engine would say so.
 */
export function withoutExcluded(sql: string, columns: ReadonlySet<string>): string {
  const tokens = lex(sql);
  let text = '';
  let copied = 0;
  for (const [at, token] of tokens.entries()) {
    if (keyword(token) !== 'EXCLUDE' || token.start < copied) {
      continue;
    }
    const last = isSign(tokens[at + 1], '(') ? closingBracket(tokens, at + 1) : lastOfName(tokens, at + 1);
    const inner = isSign(tokens[at + 1], '(') ? tokens.slice(at + 2, last) : tokens.slice(at + 1, last + 1);
    const entries = entriesOf(inner);
    const kept = entries.filter((entry) => !columns.has(fold(entry.at(-1)?.text ?? '')));
    if (last < 0 || kept.length === entries.length) {
      continue;
    }
    const names = kept.map((entry) => sql.slice(entry[0]?.start, entry.at(-1)?.end));
    text += `${sql.slice(copied, token.start)}${names.length === 0 ? ' ' : `EXCLUDE (${names.join(', ')})`}`;
    copied = tokens[last]?.end ?? sql.length;
  }
  return text + sql.slice(copied);
}

/** Where the dotted name that begins at `at` ends. */
function lastOfName(tokens: readonly Token[], at: number): number {
  let last = at;
  while (isSign(tokens[last + 1], '.') && isIdentifier(tokens[last + 2])) {
    last += 2;
  }
  return last;
}

function entriesOf(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const entries: Token[][] = [[]];
  for (const token of tokens) {
    if (isSign(token, ',')) {
      entries.push([]);
    } else {
      entries.at(-1)?.push(token);
    }
  }
  return entries.filter((entry) => entry.length > 0);
}
