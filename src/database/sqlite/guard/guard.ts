import { messageOf } from '../../../errors.ts';
import type { Verdict } from '../../database.ts';
import type { Connection } from '../session.ts';
import { harmlessFunctions, harmlessModules } from './functions.ts';
import { LexError, lex, single, type Token } from './lex.ts';
import { type Catalog, refuseUnsafeNames } from './names.ts';
import { judgePragma } from './pragma.ts';
import { functionsCalled } from './program.ts';
import { statementOf } from './statement.ts';
import { closingParenthesis, fold, isIdentifier, isSign, keyword, Refusal } from './token.ts';

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

/**
 * Judges one statement by its text: the first word decides what it is, lists decide what it may call and read. `values`
 * holds the names of the placeholders that have a value.
 */
export function judgeText(sql: string, catalog: Catalog, values: ReadonlySet<string>): Verdict {
  try {
    const tokens = single(lex(sql));
    if (tokens === null) throw new Refusal('There is more than one statement, and only one can run');
    if (tokens.length === 0) throw new Refusal('There is no statement');
    refuseDepth(tokens);
    const valueless = tokens.find(({ kind, text }) => kind === 'parameter' && !values.has(text));
    if (valueless !== undefined) throw new Refusal(`A parameter (:${valueless.text}) has no value here`);
    return judgeTokens(tokens, catalog);
  } catch (error) {
    if (error instanceof Refusal || error instanceof LexError)
      return { kind: 'forbidden', reason: error.message };
    throw error;
  }
}

/** SQLite's own limit of nested expressions: https://sqlite.org/limits.html#max_expr_depth */
const deepest = 1000;

function refuseDepth(tokens: readonly Token[]): void {
  let depth = 0;
  for (const token of tokens) {
    if (isSign(token, '(')) depth++;
    if (isSign(token, ')')) depth--;
    if (depth > deepest) throw new Refusal(`It is nested deeper than ${deepest} parentheses`);
  }
}

/**
 * The second look at an admitted statement: the functions that the engine itself resolved, whatever the text looked like.
 * Null for a statement that does not prepare; it can't run either.
 */
export function refusalOfProgram(connection: Connection, sql: string): string | null {
  const { explainable } = statementOf(sql);
  if (explainable === null) return null;
  try {
    const unknown = functionsCalled(connection, explainable).find(
      (name) => !harmlessFunctions.has(fold(name)),
    );
    return unknown === undefined ? null : `The function ${unknown} is not on the list of harmless ones`;
  } catch (error) {
    // The schema itself, such as a view, calls what SQLite does not trust a schema with.
    const [reason = null] = /unsafe use of .*/.exec(messageOf(error)) ?? [];
    return reason === null ? null : `A view or an expression of the schema makes ${reason}`;
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
