import type { Verdict } from '../database.ts';
import {
  describingPragmas,
  harmlessFunctions,
  harmlessModules,
  harmlessTables,
  listingPragmas,
  tellingPragmas,
  wordsBeforeParenthesis,
} from './functions.ts';
import { LexError, lex, single, type Token } from './lex.ts';

/** What the guard must know of the database, names in lower case. */
export interface Catalog {
  /** Virtual tables of the file and their modules. */
  readonly virtualTables: ReadonlyMap<string, string>;
  /** Functions that the library has, harmless or not. */
  readonly functions: ReadonlySet<string>;
  /** Modules of virtual tables that the library has; `SELECT … FROM module` needs no table of that name. */
  readonly modules: ReadonlySet<string>;
}

/** Why a statement is not admitted; thrown inside the guard alone. */
class Refusal extends Error {}

const kinds: Readonly<Record<string, Verdict>> = {
  INSERT: { kind: 'write', reason: 'INSERT would add rows' },
  REPLACE: { kind: 'write', reason: 'REPLACE would replace rows' },
  UPDATE: { kind: 'write', reason: 'UPDATE would change rows' },
  DELETE: { kind: 'write', reason: 'DELETE would remove rows' },
  CREATE: { kind: 'ddl', reason: 'CREATE would change the schema' },
  DROP: { kind: 'ddl', reason: 'DROP would remove a part of the schema' },
  ALTER: { kind: 'ddl', reason: 'ALTER would change the schema' },
  REINDEX: { kind: 'ddl', reason: 'REINDEX would rewrite indexes' },
  ANALYZE: { kind: 'ddl', reason: 'ANALYZE would write statistics into the database' },
};

const forbidden: Readonly<Record<string, string>> = {
  ATTACH: 'ATTACH would open another database',
  DETACH: 'DETACH would close a database of the session',
  VACUUM: 'VACUUM would rewrite the database or write a copy of it to a file',
  BEGIN: 'BEGIN would open a transaction of its own',
  COMMIT: 'COMMIT would end the transaction that protects the database',
  END: 'END would end the transaction that protects the database',
  ROLLBACK: 'ROLLBACK would end the transaction that protects the database',
  SAVEPOINT: 'SAVEPOINT would change the transaction that protects the database',
  RELEASE: 'RELEASE would change the transaction that protects the database',
};

const read: Verdict = { kind: 'read', reason: null };

/** Judges one statement by its text: the first word decides what it is, lists decide what it may call and read. */
export function judgeText(sql: string, catalog: Catalog): Verdict {
  try {
    const tokens = single(lex(sql));
    if (tokens === null) throw new Refusal('There is more than one statement, and only one can run');
    if (tokens.length === 0) throw new Refusal('There is no statement');
    return judgeTokens(tokens, catalog);
  } catch (error) {
    if (error instanceof Refusal || error instanceof LexError)
      return { kind: 'forbidden', reason: error.message };
    throw error;
  }
}

function judgeTokens(tokens: readonly Token[], catalog: Catalog): Verdict {
  const verb = keyword(tokens[0]);
  if (verb === 'EXPLAIN') return judgeExplained(tokens, catalog);
  if (verb === 'PRAGMA') return judgePragma(tokens.slice(1));
  const why = forbidden[verb];
  if (why !== undefined) throw new Refusal(why);
  const main = verb === 'WITH' ? verbBehindWith(tokens) : verb;
  const verdict = main === 'SELECT' || main === 'VALUES' ? read : kinds[main];
  if (verdict === undefined || (verb === 'WITH' && verdict.kind === 'ddl'))
    throw new Refusal(`${tokens[0]?.text} does not begin a statement that reads`);
  if (verdict.kind === 'ddl') refuseUnsafeDefinition(tokens);
  if (verdict === read) refuseWritingWords(tokens);
  refuseUnsafeNames(tokens, catalog);
  return verdict;
}

/** Words that SQLite reserves, so that in a statement that reads they can name nothing. */
const writingWords = new Set([
  'INSERT',
  'UPDATE',
  'DELETE',
  'INTO',
  'SET',
  'CREATE',
  'DROP',
  'ALTER',
  'COMMIT',
  'RETURNING',
]);

function refuseWritingWords(tokens: readonly Token[]): void {
  const found = tokens.find((token) => writingWords.has(keyword(token)));
  if (found !== undefined) throw new Refusal(`${found.text} can not be a part of a statement that reads`);
}

function judgeExplained(tokens: readonly Token[], catalog: Catalog): Verdict {
  const isQueryPlan = keyword(tokens[1]) === 'QUERY' && keyword(tokens[2]) === 'PLAN';
  const rest = tokens.slice(isQueryPlan ? 3 : 1);
  const verb = keyword(rest[0]);
  if (!['SELECT', 'VALUES', 'WITH'].includes(verb))
    throw new Refusal(`EXPLAIN is only for statements that read, not for ${verb || 'this'}`);
  const verdict = judgeTokens(rest, catalog);
  if (verdict.kind !== 'read')
    throw new Refusal(`EXPLAIN is only for statements that read: ${verdict.reason}`);
  return verdict;
}

/** PRAGMA [main.]name, name(argument) or name = argument. */
function judgePragma(tokens: readonly Token[]): Verdict {
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

/** WITH [RECURSIVE] name [(columns)] AS [[NOT] MATERIALIZED] (…), …: the word that follows the list. */
function verbBehindWith(tokens: readonly Token[]): string {
  let at = keyword(tokens[1]) === 'RECURSIVE' && keyword(tokens[2]) !== 'AS' ? 2 : 1;
  for (;;) {
    if (!isIdentifier(tokens[at]) && tokens[at]?.kind !== 'text') break;
    at++;
    if (isSign(tokens[at], '(')) at = closingParenthesis(tokens, at) + 1;
    if (keyword(tokens[at]) !== 'AS') break;
    at++;
    if (keyword(tokens[at]) === 'NOT') at++;
    if (keyword(tokens[at]) === 'MATERIALIZED') at++;
    if (!isSign(tokens[at], '(')) break;
    at = closingParenthesis(tokens, at) + 1;
    if (!isSign(tokens[at], ',')) return keyword(tokens[at]);
    at++;
  }
  throw new Refusal('The list behind WITH can not be followed');
}

/** Tables of SQLite's own that hold definitions, counters and statistics. */
const ownTables = /^sqlite_((temp_)?(schema|master)|sequence|stat[134])$/;

/** Calls and tables anywhere in the text, in subqueries and triggers too, must be on the lists. */
function refuseUnsafeNames(tokens: readonly Token[], catalog: Catalog): void {
  tokens.forEach((token, at) => {
    const name = fold(token.text);
    const before = tokens[at - 1];
    if (isSign(token, '(') && isSign(before, ')')) throw new Refusal('A call of what stands in parentheses');
    const canName = isIdentifier(token) || (token.kind === 'text' && namesTable(before));
    if (!canName) return;
    const isCall = isSign(tokens[at + 1], '(') && !isDefinition(tokens, at);
    if (name.startsWith('pragma_')) refuseUnsafePragmaTable(name, isCall);
    else if (isCall) refuseUnsafeCall(token, name, catalog);
    else if (name.startsWith('sqlite_') && namesTable(before) && !ownTables.test(name))
      throw new Refusal(`${token.text} is not on the list of harmless tables`);
    else if (
      catalog.modules.has(name) &&
      !harmlessTables.has(name) &&
      !catalog.virtualTables.has(name) &&
      namesTable(before)
    )
      throw new Refusal(`The built-in table ${token.text} is not on the list of harmless ones`);
    const module = catalog.virtualTables.get(name);
    if (module !== undefined && !harmlessModules.has(module) && !isSign(before, '.'))
      throw new Refusal(
        `The table ${token.text} runs the module ${module}, which is not on the list of harmless ones`,
      );
  });
}

function refuseUnsafePragmaTable(name: string, isCall: boolean): void {
  const pragma = name.slice('pragma_'.length);
  if (describingPragmas.has(pragma) || listingPragmas.has(pragma)) return;
  if (!isCall && tellingPragmas.has(pragma)) return;
  throw new Refusal(`${name} is not on the list of harmless tables`);
}

function refuseUnsafeCall(token: Token, name: string, catalog: Catalog): void {
  if (harmlessFunctions.has(name) || harmlessTables.has(name)) return;
  if (token.kind === 'word' && wordsBeforeParenthesis.has(name)) return;
  if (catalog.virtualTables.has(name) && !catalog.functions.has(name)) return;
  throw new Refusal(
    catalog.functions.has(name)
      ? `The function ${token.text} is not on the list of harmless ones`
      : `There is no function ${token.text} here that could be trusted`,
  );
}

/** Whether a text '…' behind this token stands for a table, as SQLite lets it. */
function namesTable(before: Token | undefined): boolean {
  return (
    ['FROM', 'JOIN', 'IN', 'INTO', 'UPDATE', 'TABLE', 'EXISTS'].includes(keyword(before)) ||
    /^[,.(]$/.test(before?.text ?? '')
  );
}

/** `name (…)` that defines or lists columns: a common table, INSERT INTO name (…), CREATE TABLE name (…), REFERENCES name (…). */
function isDefinition(tokens: readonly Token[], at: number): boolean {
  const end = closingParenthesis(tokens, at + 1);
  if (isType(tokens, at, end)) return true;
  const [as, not, materialized] = [1, 2, 3].map((offset) => tokens[end + offset]);
  if (keyword(as) === 'AS' && /^(WITH|RECURSIVE|,)$/.test(upper(tokens[at - 1]))) {
    if (isSign(not, '(') || keyword(not) === 'MATERIALIZED') return true;
    if (keyword(not) === 'NOT' && keyword(materialized) === 'MATERIALIZED') return true;
  }
  let first = at;
  while (isSign(tokens[first - 1], '.')) first -= 2;
  const before = keyword(tokens[first - 1]);
  if (before === 'INTO' || before === 'REFERENCES') return true;
  const start = keyword(tokens[0]);
  if (start !== 'CREATE') return false;
  if (before === 'TABLE' || before === 'VIEW' || before === 'EXISTS') return true;
  return before === 'ON' && tokens.slice(1, 4).some((token) => keyword(token) === 'INDEX');
}

/** `name (10, 2)` behind AS, as in a CAST, or anywhere in a definition. */
function isType(tokens: readonly Token[], at: number, end: number): boolean {
  const inner = tokens.slice(at + 2, end);
  if (!inner.every(({ kind, text }) => kind === 'number' || (kind === 'sign' && /^[,+-]$/.test(text))))
    return false;
  if (inner.length === 0) return false;
  if (keyword(tokens[0]) === 'CREATE' || keyword(tokens[0]) === 'ALTER') return true;
  let first = at;
  while (isIdentifier(tokens[first - 1]) && keyword(tokens[first - 1]) !== 'AS') first--;
  return keyword(tokens[first - 1]) === 'AS';
}

function refuseUnsafeDefinition(tokens: readonly Token[]): void {
  const words = tokens.slice(0, 4).map((token) => keyword(token));
  if (words[0] === 'CREATE' && (words[1] === 'TEMP' || words[1] === 'TEMPORARY'))
    throw new Refusal('CREATE TEMP makes what is gone when the statement is over');
  if (words[0] === 'CREATE' && words[1] === 'VIRTUAL') {
    const using = tokens.findIndex((token) => keyword(token) === 'USING');
    const module = tokens[using + 1];
    if (using < 0 || module === undefined || !harmlessModules.has(fold(module.text)))
      throw new Refusal(`The module ${module?.text ?? '?'} is not on the list of harmless ones`);
  }
}

function closingParenthesis(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let at = open; at < tokens.length; at++) {
    if (isSign(tokens[at], '(')) depth++;
    if (isSign(tokens[at], ')') && --depth === 0) return at;
  }
  throw new Refusal('A parenthesis is not closed');
}

/** SQLite folds ASCII letters alone. */
export function fold(name: string): string {
  return name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** ASCII letters alone, as SQLite folds keywords: "ſelect" is no SELECT. */
function upper(token: Token | undefined): string {
  return token?.text.replace(/[a-z]+/g, (letters) => letters.toUpperCase()) ?? '';
}

function keyword(token: Token | undefined): string {
  return token?.kind === 'word' ? upper(token) : '';
}

function isSign(token: Token | undefined, text: string): boolean {
  return token?.kind === 'sign' && token.text === text;
}

function isIdentifier(token: Token | undefined): boolean {
  return token?.kind === 'word' || token?.kind === 'name';
}
