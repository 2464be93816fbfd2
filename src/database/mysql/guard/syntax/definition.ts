import { harms } from '../functions.ts';
import type { Analysis } from './findings.ts';
import { asciiUpper } from './names.ts';
import { isName, type Reader, Refusal, refusalOfOther, resultOf } from './reader.ts';
import { body, newFrame, opensQuery } from './select.ts';
import { plainWords, types } from './words.ts';

/** Words of definitions before a bracket. */
const grammar = new Set(
  'CHECK KEY INDEX PRIMARY UNIQUE FULLTEXT SPATIAL ENUM SET THAN HASH RANGE LIST PARTITION COLUMNS ALWAYS DEFAULT COLUMN ADD YEAR'.split(
    ' ',
  ),
);

const engines = new Set(['INNODB', 'MYISAM', 'ARIA', 'MEMORY', 'HEAP', 'ROCKSDB', 'COLUMNSTORE', 'ARCHIVE']);
/** What reaches files, other servers or other rights from within a definition. */
const outside =
  /^(DIRECTORY|CONNECTION|TABLESPACE|DISCARD|IMPORT|EXCHANGE|DEFINER|OUTFILE|DUMPFILE|LOAD|CALL|PROCEDURE|FUNCTION|EVENT|TRIGGER|SERVER|DATABASE|SCHEMA|USER|ROLE|GRANT|REVOKE|SEQUENCE|ENCRYPTION|SECONDARY_ENGINE)$/;

/** CREATE, ALTER, DROP, TRUNCATE or RENAME of tables, views and indexes. */
export function definition(reader: Reader): Analysis {
  const { verb } = reader;
  reader.at += 1;
  while (
    reader.accept('OR', 'REPLACE', 'TEMPORARY', 'UNIQUE', 'FULLTEXT', 'SPATIAL', 'VECTOR', 'ONLINE', 'IGNORE')
  ) {}
  options(reader);
  const subject = reader.key();
  const allowed = verb === 'TRUNCATE' || verb === 'RENAME' ? /^TABLES?$/ : /^(TABLES?|VIEW|INDEX)$/;
  if (allowed.test(subject)) {
    reader.at += 1;
  } else if (verb !== 'TRUNCATE') {
    throw refusalOfOther(reader);
  }
  while (reader.accept('IF', 'NOT', 'EXISTS')) {}
  const first = reader.at;
  while (reader.peek() !== undefined) {
    part(reader, first);
  }
  return resultOf(reader, 'ddl', 'query');
}

/** ALGORITHM = MERGE, SQL SECURITY INVOKER. */
function options(reader: Reader): void {
  for (;;) {
    if (reader.accept('ALGORITHM')) {
      reader.expect('=');
      reader.name();
    } else if (reader.accept('SQL')) {
      reader.expect('SECURITY');
      reader.name();
    } else {
      return;
    }
  }
}

/** The next token, name or query of a definition. */
function part(reader: Reader, first: number): void {
  const token = reader.peek();
  const key = reader.key();
  const beginsQuery =
    key === 'SELECT' ||
    key === 'TABLE' ||
    (key === 'WITH' && reader.key(-1) === 'AS') ||
    (key === '(' && opensQuery(reader) && /^(SELECT|WITH|TABLE)$/.test(reader.key(1)));
  if (beginsQuery) {
    query(reader);
    return;
  }
  if (outside.test(key)) {
    throw new Refusal(`${key} reaches outside of the tables of this database`);
  }
  if (key === 'ENGINE') {
    engine(reader);
    return;
  }
  if (!isName(token)) {
    reader.at += 1;
    return;
  }
  const start = reader.at;
  const parts = reader.chain();
  const before = reader.tokens[start - 1]?.key ?? '';
  const isNamed =
    start === first || /^(TABLES?|ON|TO|REFERENCES|KEY|INDEX|UNIQUE|FULLTEXT|SPATIAL)$/.test(before);
  const isWord =
    token.kind === 'word' && (types.has(token.key) || plainWords.has(token.key) || grammar.has(token.key));
  // DROP and RENAME take lists of tables.
  const isListed = before === ',' && (reader.verb === 'DROP' || reader.verb === 'RENAME');
  if (parts.length === 2 || (parts.length === 1 && (start === first || isListed))) {
    reader.targets.push(reader.addTable(parts, 0, null));
  } else if (parts.length > 2) {
    throw new Refusal(`${parts.join('.')} is not the name of a table`);
  }
  // KEY (a (10), b (10)): so many characters of a column. The server lets no other call of this form be defined.
  const isPrefix =
    /^\d+$/.test(reader.peek(1)?.text ?? '') &&
    reader.key(2) === ')' &&
    harms[asciiUpper(token.text)] === undefined;
  if (reader.key() === '(' && !isNamed && !isWord && !isPrefix) {
    reader.calls.push({ database: null, name: parts[0] ?? '', loose: false, hasArguments: true });
  }
}

function query(reader: Reader): void {
  body(reader, newFrame(reader, 'paren'));
  if (reader.key() === ')') {
    throw new Refusal('A closing bracket is not expected there');
  }
}

function engine(reader: Reader): void {
  reader.at += 1;
  reader.accept('=');
  const name = reader.peek()?.text ?? '';
  if (!engines.has(asciiUpper(name))) {
    throw new Refusal(`ENGINE ${name} can reach outside of this database`);
  }
  reader.at += 1;
}
