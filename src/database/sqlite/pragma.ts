import type { Verdict } from '../database.ts';
import { describingPragmas, listingPragmas, tellingPragmas } from './functions.ts';
import type { Token } from './lex.ts';
import { fold, isIdentifier, isSign, Refusal } from './token.ts';

const read: Verdict = { kind: 'read', reason: null };

/** PRAGMA [main.]name, name(argument) or name = argument. */
export function judgePragma(tokens: readonly Token[]): Verdict {
  const [first, dot] = tokens;
  const hasSchema = isSign(dot, '.');
  if (hasSchema && !(isIdentifier(first) && fold(first?.text ?? '') === 'main'))
    throw new Refusal('PRAGMA is only for the database main');
  const rest = hasSchema ? tokens.slice(2) : tokens;
  const [name, mark, value, ...tail] = rest;
  if (name === undefined || !isIdentifier(name)) throw new Refusal('PRAGMA needs a name');
  const pragma = fold(name.text);
  const hasArgument = mark !== undefined;
  if (!hasArgument && (listingPragmas.has(pragma) || tellingPragmas.has(pragma))) return read;
  if (!describingPragmas.has(pragma))
    throw new Refusal(
      hasArgument && tellingPragmas.has(pragma)
        ? `PRAGMA ${pragma} with a value would change a setting`
        : `PRAGMA ${pragma} is not on the list of those that only read`,
    );
  const isWhole =
    !hasArgument ||
    (value !== undefined &&
      value.kind !== 'sign' &&
      (isSign(mark, '(')
        ? tail.length === 1 && isSign(tail[0], ')')
        : isSign(mark, '=') && tail.length === 0));
  if (!isWhole) throw new Refusal(`PRAGMA ${pragma} takes one name`);
  return read;
}
