import { asciiUpper } from './names.ts';
import { type Reader, Refusal } from './reader.ts';
import { type Frame, nameList } from './select.ts';

/** FROM of a query, or of the arguments of a function such as EXTRACT. */
export function from(reader: Reader, frame: Frame): boolean {
  const isHistory = frame.clause === 'from' && reader.key(-1) === 'SYSTEM_TIME';
  const isArgument = frame.mode === 'call' && /^(EXTRACT|TRIM|SUBSTR|SUBSTRING|MID)$/.test(frame.callee);
  reader.at += 1;
  if (isHistory || isArgument) {
    return false;
  }
  if (frame.mode !== 'query' || frame.clause !== 'select') {
    throw new Refusal('FROM is not expected there');
  }
  frame.clause = 'from';
  frame.expectsTable = true;
  return false;
}

/** FOR of a temporal table or of arguments; all else locks rows or moves a sequence. */
export function forWord(reader: Reader, frame: Frame): boolean {
  const next = reader.peek(1)?.text ?? '';
  if (reader.key(-1) === 'VALUE') {
    throw new Refusal('NEXT VALUE FOR moves a sequence on');
  }
  const isLength = frame.mode === 'call' && /^(SUBSTR|SUBSTRING|MID)$/.test(frame.callee);
  const isHistory = frame.clause === 'from' && reader.key(1) === 'SYSTEM_TIME';
  if (/^(UPDATE|SHARE)$/i.test(next)) {
    throw new Refusal(`FOR ${asciiUpper(next)} locks rows`);
  }
  const isRowNumber = reader.key(1) === 'ORDINALITY';
  if (!isLength && !isHistory && !isRowNumber) {
    throw new Refusal(`FOR ${next} is not expected there`);
  }
  reader.at += isLength ? 1 : 2;
  return false;
}

/** USE INDEX (a, b), IGNORE KEY FOR ORDER BY (c). */
export function indexHint(reader: Reader, frame: Frame): boolean {
  const verb = reader.key();
  reader.at += 1;
  if (frame.clause !== 'from' || !reader.accept('INDEX', 'KEY')) {
    throw new Refusal(`${verb} is not expected there`);
  }
  if (reader.accept('FOR') && !reader.accept('JOIN')) {
    if (!reader.accept('ORDER')) {
      reader.expect('GROUP');
    }
    reader.expect('BY');
  }
  nameList(reader);
  return false;
}
