import type { Analysis } from './findings.ts';
import { type Reader, Refusal, resultOf } from './reader.ts';
import { body, newFrame, opensQuery } from './select.ts';
import { queryWords } from './words.ts';

/** EXPLAIN, DESCRIBE or ANALYZE of a query, or DESCRIBE of a table. */
export function explain(reader: Reader): Analysis {
  reader.at += 1;
  for (;;) {
    if (reader.accept('EXTENDED', 'PARTITIONS', 'ANALYZE')) {
      continue;
    }
    if (reader.key() !== 'FORMAT' || reader.key(1) !== '=') {
      break;
    }
    reader.at += 2;
    reader.name();
  }
  const key = reader.key();
  if (key === 'FOR') {
    throw new Refusal(`${reader.verb} FOR looks into another session or database`);
  }
  if (key === 'INTO') {
    throw new Refusal(`${reader.verb} INTO sets a variable`);
  }
  if (queryWords.has(key) || (key === '(' && opensQuery(reader))) {
    // TABLE is a query for MySQL alone, and ANALYZE TABLE writes.
    if (key === 'TABLE') {
      throw new Refusal(`${reader.verb} TABLE writes statistics`);
    }
    body(reader, newFrame(reader, 'paren'));
    reader.expectEnd();
    if (reader.writes) {
      throw new Refusal(`${reader.verb} of a write is not run here`);
    }
    return resultOf(reader, 'read', 'explain');
  }
  if (/^(INSERT|REPLACE|UPDATE|DELETE)$/.test(key)) {
    throw new Refusal(`${reader.verb} ${key} plans a write`);
  }
  if (reader.verb === 'ANALYZE') {
    throw new Refusal(`ANALYZE ${reader.peek()?.text ?? ''} is not run here`);
  }
  reader.addTable(reader.chain(), 0, null);
  if (reader.peek()?.kind === 'string') {
    reader.at += 1;
  } else if (reader.peek() !== undefined) {
    reader.name();
  }
  reader.expectEnd();
  return resultOf(reader, 'read', 'describe');
}
