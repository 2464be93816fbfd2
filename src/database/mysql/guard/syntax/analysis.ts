import { definition } from './definition.ts';
import { explain } from './explain.ts';
import type { Analysis } from './findings.ts';
import { openReader, refusalOfOther, resultOf } from './reader.ts';
import { body, newFrame } from './select.ts';
import { show } from './show.ts';
import type { SqlMode } from './sql-mode.ts';
import { write } from './write.ts';

/**
 * Reads one statement as a server of this mode does; throws a Refusal for what is not understood or never allowed.
 * `values` is how many values there are for its `?`.
 */
export function analyse(sql: string, mode: SqlMode, values = 0): Analysis {
  const reader = openReader(sql, mode, values);
  const first = reader.peek();
  const verb = first?.kind === 'word' ? first.key : (first?.text ?? '');
  reader.verb = verb;
  switch (verb) {
    case 'SELECT':
    case 'WITH':
    case 'VALUES':
    case 'TABLE':
    case '(':
      body(reader, newFrame(reader, 'paren'));
      reader.expectEnd();
      return resultOf(reader, reader.writes ? 'write' : 'read', 'query');
    case 'EXPLAIN':
    case 'DESCRIBE':
    case 'DESC':
    case 'ANALYZE':
      return explain(reader);
    case 'SHOW':
      return show(reader);
    case 'INSERT':
    case 'REPLACE':
    case 'UPDATE':
    case 'DELETE':
      write(reader);
      reader.expectEnd();
      return resultOf(reader, 'write', 'query');
    case 'CREATE':
    case 'ALTER':
    case 'DROP':
    case 'TRUNCATE':
    case 'RENAME':
      return definition(reader);
    default:
      throw refusalOfOther(reader);
  }
}
