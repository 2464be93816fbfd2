import { asciiUpper } from './names.ts';
import { isName, type Reader, Refusal } from './reader.ts';
import { brackets, type Frame, newFrame } from './select.ts';
import { plainWords, types } from './words.ts';

/** A word or name in an expression; with a bracket behind it a call, which is noted and read to its end. */
export function callOrName(reader: Reader, frame: Frame): false {
  const first = reader.peek();
  if (first?.kind === 'word' && !first.afterDot && plainWords.has(first.key) && reader.key(1) === '(') {
    reader.at += 1;
    return false;
  }
  const start = reader.at;
  const parts = reader.chain();
  if (reader.key() !== '(' || isKeywordBeforeBracket(reader, start)) {
    return false;
  }
  const [database, name] = parts.length === 1 ? [null, parts[0]] : [parts[0] ?? null, parts[1]];
  if (name === undefined || parts.length > 2) {
    throw new Refusal(`${parts.join('.')}() can't be read as a function`);
  }
  const last = reader.peek(-1);
  reader.calls.push({
    database,
    name,
    loose: last?.kind !== 'word' || last.end !== reader.peek()?.start,
    hasArguments: reader.key(1) !== ')',
  });
  brackets(reader, newFrame(reader, 'call', frame.scope, asciiUpper(name)));
  return false;
}

/** The word just passed, with a bracket behind it, is part of the grammar where it stands. */
function isKeywordBeforeBracket(reader: Reader, start: number): boolean {
  const token = reader.tokens[start];
  const before = reader.tokens[start - 1];
  if (token?.kind !== 'word' || reader.at !== start + 1) {
    return false;
  }
  switch (token.key) {
    case 'OVER':
    case 'AGAINST':
      return before?.key === ')';
    case 'ANY':
    case 'SOME':
      return before?.kind === 'symbol' && /^(=|<>|!=|<|>|<=|>=)$/.test(before.key);
    case 'OF':
      return before?.key === 'MEMBER';
    case 'COLUMNS':
      return before?.kind === 'string';
    case 'GROUP':
      return before?.key === 'WITHIN';
    case 'ESCAPE':
      return before?.kind === 'string' || before?.key === ')';
  }
  const follows =
    before?.key === 'AS' ||
    before?.key === ',' ||
    (isName(before) && !plainWords.has(before.key) && before.key !== 'SELECT');
  return types.has(token.key) && follows && isLength(reader);
}

/** The bracket ahead holds one or two whole numbers. */
function isLength(reader: Reader): boolean {
  const isNumber = (ahead: number): boolean => /^\d+$/.test(reader.peek(ahead)?.text ?? '');
  return (
    isNumber(1) && (reader.key(2) === ')' || (reader.key(2) === ',' && isNumber(3) && reader.key(4) === ')'))
  );
}
