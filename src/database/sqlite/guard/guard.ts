import { messageOf } from '../../../errors.ts';
import type { Verdict } from '../../database.ts';
import {
  changeVerdict,
  definitionVerdict,
  moreThanOne,
  neverRunReason,
  noStatement,
  syntaxVerdict,
  unclosedVerdict,
} from '../../statement-words.ts';
import type { Connection } from '../session.ts';
import { harmlessFunctions, harmlessModules } from './functions.ts';
import { LexError, lex, single, type Token, Unclosed } from './lex.ts';
import { nearFunction } from './missing.ts';
import { type Catalog, refuseUnsafeNames } from './names.ts';
import { judgePragma } from './pragma.ts';
import { functionsCalled } from './program.ts';
import { statementOf } from './statement.ts';
import {
  closingParenthesis,
  fold,
  isIdentifier,
  isSign,
  keyword,
  MissingFunction,
  NoStatement,
  Refusal,
  UnclosedParenthesis,
} from './token.ts';

const changes = new Set(['INSERT', 'REPLACE', 'UPDATE', 'DELETE']);

/** What CREATE, DROP and ALTER may be about; the other two stand alone. */
const definitions: Readonly<Record<string, RegExp>> = {
  CREATE: /^(?:UNIQUE )?INDEX\b|^(?:TEMP(?:ORARY)? )?(?:TABLE|VIEW|TRIGGER)\b|^VIRTUAL TABLE\b/,
  DROP: /^(?:TABLE|VIEW|INDEX|TRIGGER)\b/,
  ALTER: /^TABLE\b/,
  REINDEX: /^/,
  ANALYZE: /^/,
};

const read: Verdict = { kind: 'read', reason: null };

/**
 * Judges one statement by its text: the first word decides what it is, lists decide what it may call and read. `values`
 * holds the names of the placeholders that have a value.
 */
export function judgeText(sql: string, catalog: Catalog, values: ReadonlySet<string>): Verdict {
  try {
    const tokens = single(lex(sql));
    if (tokens === null) {
      throw new Refusal(moreThanOne);
    }
    if (tokens.length === 0) {
      throw new Refusal(noStatement);
    }
    refuseDepth(tokens);
    const valueless = tokens.find(({ kind, text }) => kind === 'parameter' && !values.has(text));
    if (valueless !== undefined) {
      throw new Refusal(`A parameter (:${valueless.text}) has no value here`);
    }
    return judgeTokens(tokens, catalog);
  } catch (error) {
    if (error instanceof NoStatement) {
      const { text, start } = error.token;
      return syntaxVerdict(sql, { word: text, at: start, isFirst: true });
    }
    if (error instanceof Unclosed) {
      return unclosedVerdict(error.what);
    }
    if (error instanceof UnclosedParenthesis) {
      return unclosedVerdict('parenthesis');
    }
    if (error instanceof MissingFunction) {
      const near = nearFunction(error.called);
      return { kind: 'syntax', reason: error.message, ...(near === null ? {} : { near }) };
    }
    if (error instanceof Refusal || error instanceof LexError) {
      return { kind: 'forbidden', reason: error.message };
    }
    throw error;
  }
}

/** SQLite's own limit of nested expressions: https://sqlite.org/limits.html#max_expr_depth */
const deepest = 1000;

function refuseDepth(tokens: readonly Token[]): void {
  let depth = 0;
  for (const token of tokens) {
    if (isSign(token, '(')) {
      depth++;
    }
    if (isSign(token, ')')) {
      depth--;
    }
    if (depth > deepest) {
      throw new Refusal(`It is nested deeper than ${deepest} parentheses`);
    }
  }
}

/**
 * The second look at an admitted statement: the functions that the engine itself resolved, whatever the text looked like.
 * Null for a statement that does not prepare; it can't run either.
 */
export function refusalOfProgram(connection: Connection, sql: string): string | null {
  const { explainable } = statementOf(sql);
  if (explainable === null) {
    return null;
  }
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
  if (verb === 'EXPLAIN') {
    return judgeExplained(tokens, catalog);
  }
  if (verb === 'PRAGMA') {
    return judgePragma(tokens.slice(1));
  }
  const at = verb === 'WITH' ? placeBehindWith(tokens) : 0;
  const main = keyword(tokens[at]);
  const words = tokens.slice(at, at + 5).map(keyword);
  if (main === 'SELECT' || main === 'VALUES') {
    refuseWritingWords(tokens);
    refuseUnsafeNames(tokens, catalog);
    return read;
  }
  if (changes.has(main)) {
    refuseUnsafeNames(tokens, catalog);
    return changeVerdict(main, changedTable(tokens, at));
  }
  if (verb !== 'WITH' && definitions[main]?.test(words.slice(1).join(' ')) === true) {
    refuseUnsafeDefinition(tokens);
    refuseUnsafeNames(tokens, catalog);
    return definitionVerdict(words);
  }
  const never = neverRunReason(words);
  if (never !== null) {
    throw new Refusal(never);
  }
  const unexpected = tokens[at] ?? tokens[0];
  if (unexpected === undefined) {
    throw new Refusal(noStatement);
  }
  throw new NoStatement(unexpected);
}

/** INTO t, UPDATE [OR …] t or FROM t; `at` is the place of the verb. */
function changedTable(tokens: readonly Token[], at: number): readonly string[] {
  let name = at + (keyword(tokens[at + 1]) === 'OR' ? 3 : 1);
  if (/^(INTO|FROM)$/.test(keyword(tokens[name]))) {
    name++;
  }
  if (isSign(tokens[name + 1], '.')) {
    name += 2;
  }
  const table = tokens[name];
  return table === undefined ? [] : [table.text];
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
  if (found !== undefined) {
    throw new Refusal(`${found.text} can not be a part of a statement that reads`);
  }
}

function judgeExplained(tokens: readonly Token[], catalog: Catalog): Verdict {
  const isQueryPlan = keyword(tokens[1]) === 'QUERY' && keyword(tokens[2]) === 'PLAN';
  const rest = tokens.slice(isQueryPlan ? 3 : 1);
  const verb = keyword(rest[0]);
  if (!['SELECT', 'VALUES', 'WITH'].includes(verb)) {
    throw new Refusal(`EXPLAIN is only for statements that read, not for ${verb || 'this'}`);
  }
  const verdict = judgeTokens(rest, catalog);
  if (verdict.kind !== 'read') {
    throw new Refusal(`EXPLAIN is only for statements that read: ${verdict.reason}`);
  }
  return verdict;
}

/** WITH [RECURSIVE] name [(columns)] AS [[NOT] MATERIALIZED] (…), …: the place of the word that follows the list. */
function placeBehindWith(tokens: readonly Token[]): number {
  let at = keyword(tokens[1]) === 'RECURSIVE' && keyword(tokens[2]) !== 'AS' ? 2 : 1;
  for (;;) {
    if (!isIdentifier(tokens[at]) && tokens[at]?.kind !== 'text') {
      break;
    }
    at++;
    if (isSign(tokens[at], '(')) {
      at = closingParenthesis(tokens, at) + 1;
    }
    if (keyword(tokens[at]) !== 'AS') {
      break;
    }
    at++;
    if (keyword(tokens[at]) === 'NOT') {
      at++;
    }
    if (keyword(tokens[at]) === 'MATERIALIZED') {
      at++;
    }
    if (!isSign(tokens[at], '(')) {
      break;
    }
    at = closingParenthesis(tokens, at) + 1;
    if (!isSign(tokens[at], ',')) {
      return at;
    }
    at++;
  }
  throw new Refusal('The list behind WITH can not be followed');
}

function refuseUnsafeDefinition(tokens: readonly Token[]): void {
  const words = tokens.slice(0, 4).map((token) => keyword(token));
  if (words[0] === 'CREATE' && (words[1] === 'TEMP' || words[1] === 'TEMPORARY')) {
    throw new Refusal('CREATE TEMP makes what is gone when the statement is over');
  }
  if (words[0] === 'CREATE' && words[1] === 'VIRTUAL') {
    const using = tokens.findIndex((token) => keyword(token) === 'USING');
    const module = tokens[using + 1];
    if (using < 0 || module === undefined || !harmlessModules.has(fold(module.text))) {
      throw new Refusal(`The module ${module?.text ?? '?'} is not on the list of harmless ones`);
    }
  }
}
