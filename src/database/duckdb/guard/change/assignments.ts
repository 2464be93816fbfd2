import { Refusal } from '../context.ts';
import type { Token } from '../syntax/lex.ts';
import { isIdentifier, isSign, keyword } from '../syntax/tokens.ts';
import { listItems } from './clauses.ts';
import type { Reader } from './reading.ts';

/** `a = …, (b, c) = (…)`: the values as a list of what is selected, and the columns that they are set to. */
export function assignments(
  reader: Reader,
  tokens: readonly Token[],
): { readonly values: string; readonly columns: readonly string[] } {
  const columns: string[] = [];
  const values = listItems(tokens).map((item) => {
    const equals = item.findIndex((token) => isSign(token, '='));
    const names = item.slice(0, equals).filter(isIdentifier);
    const value = item.slice(equals + 1);
    if (equals < 1 || names.length === 0 || value.length === 0) {
      throw new Refusal('what is set is not understood');
    }
    columns.push(...names.map(({ text }) => text));
    return valueText(reader, value);
  });
  return { values: values.join(', '), columns };
}

/** A value of a SET or of a row as something that is selected; DEFAULT reads nothing. */
export function valueText(reader: Reader, tokens: readonly Token[]): string {
  return keyword(tokens[0]) === 'DEFAULT' && tokens.length === 1 ? 'NULL' : `(${reader.text(tokens)})`;
}
