import type { Analysis } from './findings.ts';
import { type Reader, Refusal, resultOf } from './reader.ts';
import { body, newFrame } from './select.ts';
import { queryWords } from './words.ts';

/** SHOW of a list of things that hold no secret and no other session's work. */
export function show(reader: Reader): Analysis {
  reader.at += 1;
  while (reader.accept('FULL', 'EXTENDED', 'GLOBAL', 'SESSION', 'LOCAL', 'STORAGE')) {}
  const subject = reader.key();
  reader.shows = subject === 'TABLE' ? 'TABLE STATUS' : subject;
  reader.at += 1;
  switch (subject) {
    case 'DATABASES':
    case 'SCHEMAS':
    case 'VARIABLES':
    case 'STATUS':
    case 'WARNINGS':
    case 'ERRORS':
    case 'COLLATION':
    case 'CHARSET':
    case 'ENGINES':
    case 'PLUGINS':
    case 'PRIVILEGES':
    case 'AUTHORS':
    case 'CONTRIBUTORS':
    case 'LOCALES':
      break;
    case 'CHARACTER':
      reader.expect('SET');
      break;
    case 'TABLES':
    case 'TRIGGERS':
    case 'EVENTS':
      ofDatabase(reader);
      break;
    case 'TABLE':
    case 'FUNCTION':
    case 'PROCEDURE':
      reader.expect('STATUS');
      if (subject === 'TABLE') {
        ofDatabase(reader);
      }
      break;
    case 'COUNT':
      reader.expect('(');
      reader.expect('*');
      reader.expect(')');
      if (!reader.accept('WARNINGS')) {
        reader.expect('ERRORS');
      }
      break;
    case 'COLUMNS':
    case 'FIELDS':
    case 'INDEX':
    case 'INDEXES':
    case 'KEYS':
      ofTable(reader);
      break;
    case 'CREATE':
      created(reader);
      break;
    default:
      throw new Refusal(
        `SHOW ${subject || (reader.peek(-1)?.text ?? '')} is not among the SHOW statements that are run here`,
      );
  }
  tail(reader);
  return resultOf(reader, 'read', 'show');
}

function ofDatabase(reader: Reader): void {
  if (reader.accept('FROM', 'IN')) {
    reader.databases.push(reader.name());
  }
}

function ofTable(reader: Reader): void {
  if (!reader.accept('FROM')) {
    reader.expect('IN');
  }
  const table = reader.chain();
  const database = reader.accept('FROM', 'IN') ? [reader.name()] : [];
  reader.addTable([...database, ...table.slice(-2 + database.length)], 0, null);
}

function created(reader: Reader): void {
  if (reader.accept('DATABASE', 'SCHEMA')) {
    if (reader.accept('IF')) {
      reader.expect('NOT');
      reader.expect('EXISTS');
    }
    reader.databases.push(reader.name());
  } else if (reader.accept('FUNCTION', 'PROCEDURE', 'TRIGGER', 'EVENT')) {
    const [database, ...rest] = reader.chain();
    if (database !== undefined && rest.length > 0) {
      reader.databases.push(database);
    }
  } else {
    if (!reader.accept('TABLE', 'VIEW', 'SEQUENCE')) {
      throw new Refusal(
        `SHOW CREATE ${reader.peek()?.text ?? ''} is not among the SHOW statements that are run here`,
      );
    }
    reader.addTable(reader.chain(), 0, null);
  }
}

/** LIKE 'pattern', WHERE expression or LIMIT. */
function tail(reader: Reader): void {
  if (reader.accept('LIKE')) {
    if (reader.peek()?.kind !== 'string') {
      throw new Refusal(`A pattern is expected ${reader.place()}`);
    }
    reader.at += 1;
  } else if (reader.key() === 'WHERE' || reader.key() === 'LIMIT') {
    // MariaDB 10.11 falls over a subquery with WITH here, and no other use needs one.
    const rest = reader.tokens.slice(reader.at);
    if (rest.some((token) => token.kind === 'word' && !token.afterDot && queryWords.has(token.key))) {
      throw new Refusal('A query within SHOW is not run here');
    }
    body(reader, newFrame(reader, 'paren'));
  }
  reader.expectEnd();
}
