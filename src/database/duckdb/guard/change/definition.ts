import { Refusal } from '../context.ts';
import type { Token } from '../syntax/lex.ts';
import { fold, type QualifiedName } from '../syntax/names.ts';
import { depths, isIdentifier, isSign, keyword } from '../syntax/tokens.ts';
import { Reader } from './reading.ts';

/** What a statement that makes, changes or deletes a table and its like brings in. */
export interface DefinitionReading {
  /** The query that it runs or keeps, and its expressions, each as a query. */
  readonly queries: readonly string[];
  /** Folded names that a bracket follows, where a function may be called. */
  readonly called: readonly string[];
  readonly target: QualifiedName | null;
}

const forms: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^CREATE (OR REPLACE )?TABLE\b/, ['TABLE']],
  [/^CREATE (OR REPLACE )?VIEW\b/, ['VIEW']],
  [/^CREATE (UNIQUE )?INDEX\b/, ['INDEX']],
  [/^CREATE SCHEMA\b/, ['SCHEMA']],
  [/^CREATE (OR REPLACE )?SEQUENCE\b/, ['SEQUENCE']],
  [/^CREATE TYPE\b/, ['TYPE']],
  [
    /^DROP (TABLE|VIEW|INDEX|SCHEMA|SEQUENCE|TYPE)\b/,
    ['TABLE', 'VIEW', 'INDEX', 'SCHEMA', 'SEQUENCE', 'TYPE'],
  ],
  [/^ALTER (TABLE|VIEW|SEQUENCE)\b/, ['TABLE', 'VIEW', 'SEQUENCE']],
  [/^TRUNCATE\b/, ['TRUNCATE']],
  [
    /^COMMENT ON (TABLE|VIEW|COLUMN|INDEX|SCHEMA|SEQUENCE|TYPE)\b/,
    ['TABLE', 'VIEW', 'COLUMN', 'INDEX', 'SCHEMA', 'SEQUENCE', 'TYPE'],
  ],
];

/** Words of definitions, and types, that a bracket may follow without a call being meant. */
const wordsBeforeBracket = new Set(
  `CHECK KEY UNIQUE AS DEFAULT USING VALUES TABLE INDEX ENUM STRUCT MAP UNION ROW VARCHAR CHAR BPCHAR TEXT STRING NVARCHAR
  CHARACTER VARYING DECIMAL NUMERIC DEC TIME TIMESTAMP BIT FLOAT IN AND OR NOT CAST TRY_CAST WHEN THEN ELSE BETWEEN LIKE
  DISTINCT FROM WITH GEOMETRY VARBIT INTERVAL ART`.split(/\s+/),
);

/** Words that read rows, which only the query behind AS may do. */
const readingWords = new Set([
  'SELECT',
  'FROM',
  'VALUES',
  'TABLE',
  'PIVOT',
  'UNPIVOT',
  'DESCRIBE',
  'SUMMARIZE',
  'SHOW',
  'EXECUTE',
]);

/** Reads a definition; null where its words begin none. Throws a Refusal for what is not understood. */
export function readDefinition(sql: string, tokens: readonly Token[]): DefinitionReading | null {
  const words = tokens.slice(0, 6).map(keyword).join(' ');
  if (/^CREATE (OR REPLACE )?(TEMP|TEMPORARY|LOCAL|UNLOGGED|RECURSIVE)\b/.test(words)) {
    throw new Refusal('What is made by CREATE TEMP is gone when the statement is over');
  }
  const form = forms.find(([pattern]) => pattern.test(words));
  if (form === undefined) {
    return null;
  }
  const reader = new Reader(sql, tokens);
  const subject = tokens.findIndex((token) => form[1].includes(keyword(token)));
  reader.at = subject + 1;
  if (keyword(tokens[subject]) === 'TRUNCATE') {
    reader.accept('TABLE');
  }
  if (!reader.accept('IF', 'NOT', 'EXISTS')) {
    reader.accept('IF', 'EXISTS');
  }
  const isUnnamedIndex = /^CREATE (UNIQUE )?INDEX ON\b/.test(words);
  const target = isUnnamedIndex ? null : reader.name().name;
  const query = /^CREATE (OR REPLACE )?(TABLE|VIEW)\b/.test(words) ? queryPlace(reader) : tokens.length;
  const defining = tokens.slice(reader.at, query);
  const reading = defining.find((token) => readingWords.has(keyword(token)));
  if (reading !== undefined) {
    throw new Refusal(`${reading.text} is not understood there`);
  }
  return {
    target,
    queries: query === tokens.length ? [] : [queryText(reader, query)],
    called: calledIn(defining),
  };
}

/** Behind the AS that stands outside of all brackets; the end where there is none. */
function queryPlace(reader: Reader): number {
  const depth = depths(reader.tokens);
  const as = [...reader.tokens.keys()].find(
    (at) => at >= reader.at && depth[at] === 0 && keyword(reader.tokens[at]) === 'AS',
  );
  return as === undefined ? reader.tokens.length : as + 1;
}

/** CREATE TABLE … AS query [WITH [NO] DATA]. */
function queryText(reader: Reader, start: number): string {
  const tokens = reader.tokens.slice(start);
  const last = tokens.slice(-3).map(keyword).join(' ');
  const tail = / ?WITH NO DATA$/.test(last) ? 3 : /WITH DATA$/.test(last) ? 2 : 0;
  return reader.text(tokens.slice(0, tokens.length - tail));
}

function calledIn(tokens: readonly Token[]): readonly string[] {
  return tokens
    .filter(
      (token, at) =>
        isIdentifier(token) &&
        isSign(tokens[at + 1], '(') &&
        !(token.kind === 'word' && wordsBeforeBracket.has(keyword(token))) &&
        !['ON', 'REFERENCES'].includes(keyword(tokens[at - 1])),
    )
    .map(({ text }) => fold(text));
}
