import { callOrName } from './expression.ts';
import type { Token } from './lex.ts';
import { isName, type Reader, Refusal } from './reader.ts';
import { brackets, type Frame, nameList, newFrame, opensQuery } from './select.ts';
import { foreignWords, noAlias } from './words.ts';

/** A table, a bracket with tables or a query in it, or JSON_TABLE, with its alias. */
export function tableFactor(reader: Reader, frame: Frame): void {
  reader.accept('LATERAL');
  if (reader.key() === '(') {
    const holdsQuery = opensQuery(reader);
    brackets(reader, holdsQuery ? newFrame(reader, 'paren') : newFrame(reader, 'tables', frame.scope));
    if (holdsQuery && alias(reader) !== null && reader.key() === '(') {
      nameList(reader);
    }
    return;
  }
  if (reader.key() === 'JSON_TABLE' && reader.key(1) === '(') {
    callOrName(reader, frame);
    alias(reader);
    return;
  }
  if (reader.accept('DUAL')) {
    return;
  }
  const token = reader.peek();
  if (!isName(token) || isReserved(token)) {
    throw new Refusal(`A table is expected ${reader.place()}`);
  }
  const parts = reader.chain();
  if (reader.key() === '(') {
    throw new Refusal(`${parts.join('.')}(…) can't be read as a table`);
  }
  if (reader.accept('PARTITION')) {
    nameList(reader);
  }
  reader.addTable(parts, frame.scope, alias(reader));
}

/** A word that begins or goes on with something else than a table or its alias. */
function isReserved(token: Token): boolean {
  return (
    token.kind === 'word' &&
    !token.afterDot &&
    (noAlias.has(token.key) || foreignWords[token.key] !== undefined)
  );
}

function alias(reader: Reader): string | null {
  if (reader.accept('AS')) {
    const token = reader.peek();
    if (isName(token) && isReserved(token)) {
      throw new Refusal(`A name is expected ${reader.place()}`);
    }
    if (token?.kind !== 'string') {
      return reader.name();
    }
    reader.at += 1;
    return token.text;
  }
  const token = reader.peek();
  if (!isName(token) || isReserved(token)) {
    return null;
  }
  return reader.name();
}
