import type { Verdict } from '../../admitted-statement.ts';
import {
  changeVerdict,
  definitionVerdict,
  moreThanOne,
  neverRunReason,
  noStatement,
  unclosedVerdict,
} from '../../statement-words.ts';
import { readChange } from './change/change.ts';
import { readDefinition } from './change/definition.ts';
import { type GuardContext, type GuardSetup, Refusal } from './context.ts';
import { expand, relationsNamed } from './expand.ts';
import { findHiddenColumns } from './hidden/columns.ts';
import { hiddenRead } from './hidden/reads.ts';
import { unlikeCopy } from './hidden/visible-copy.ts';
import { refuseHarm, refuseSystemTarget } from './rules.ts';
import { explainedQuery } from './syntax/explain.ts';
import { LexError, lex, type Token, Unclosed } from './syntax/lex.ts';
import { type QualifiedName, quote } from './syntax/names.ts';
import type { Unparsed } from './syntax/parser.ts';
import { firstWords, single } from './syntax/tokens.ts';
import type { Tree } from './syntax/tree.ts';
import { findAll } from './walk/find.ts';
import { forbidden, neverRunHere, verdictOnSyntax } from './words.ts';

/** The longest text that is looked at; the longest honest query is far below it. */
const lengthLimit = 200_000;

const read: Verdict = { kind: 'read', reason: null };

/** A verdict, and the tables and views that the statement names; of a change the one that it changes. */
export interface Judged {
  readonly verdict: Verdict;
  readonly tables: readonly string[];
}

/** Looks at one statement, with `$1` to `$n` for its values; never runs it, asks the catalog alone. */
export async function judge(setup: GuardSetup, sql: string, values: number): Promise<Judged> {
  try {
    refuseText(sql);
    const parsed = await setup.parser.parse(sql);
    return 'kind' in parsed
      ? await judgeOther(setup, sql, parsed, values)
      : await judgeQueries(setup, sql, parsed, values);
  } catch (error) {
    if (error instanceof Unclosed) {
      return refused(unclosedVerdict(error.what));
    }
    if (error instanceof Refusal || error instanceof LexError) {
      return refused(forbidden(error.message));
    }
    throw error;
  }
}

const refused = (verdict: Verdict): Judged => ({ verdict, tables: [] });

function refuseText(sql: string): void {
  if (sql.length > lengthLimit) {
    throw new Refusal(`it is longer than ${lengthLimit} characters`);
  }
  if (sql.includes('\0') || !sql.isWellFormed()) {
    throw new Refusal('it holds a character that ends or breaks the text');
  }
}

async function judgeQueries(
  setup: GuardSetup,
  sql: string,
  [first, ...others]: readonly Tree[],
  values: number,
): Promise<Judged> {
  if (first === undefined) {
    throw new Refusal(noStatement);
  }
  if (others.length > 0) {
    throw new Refusal(moreThanOne);
  }
  const tables = await refuseReading(setup, [first], {
    kind: 'read',
    values,
    columns: [],
    filled: null,
    shape: sql,
  });
  return { verdict: read, tables };
}

/** How trees are looked at. */
interface Manner {
  readonly kind: 'read' | 'write';
  /** How many placeholders have a value. */
  readonly values: number;
  /** Columns that are named besides. */
  readonly columns: readonly string[];
  /** The table that is changed in columns that are not named; null where there is none. */
  readonly filled: QualifiedName | null;
  /** The query whose columns must be the same where the hidden ones are not there; null for a change. */
  readonly shape: string | null;
}

/**
 * Throws a Refusal for queries, or parts of a change as queries, that call or read what they may not; gives the tables and
 * views that they name.
 */
async function refuseReading(
  setup: GuardSetup,
  trees: readonly Tree[],
  manner: Manner,
): Promise<readonly string[]> {
  const walked = findAll(trees);
  const findings = { ...walked, references: [...walked.references, ...manner.columns.map((name) => [name])] };
  const unknown = findings.placeholders.find(
    (name) => !(/^[1-9]\d*$/.test(name) && Number(name) <= manner.values),
  );
  if (unknown !== undefined) {
    throw new Refusal(`a parameter (${unknown}) has no value here`);
  }
  const context: GuardContext = { ...setup, catalog: await setup.readCatalog() };
  const expanded = await expand(context, findings);
  refuseHarm(context, expanded, manner.kind);
  const named = findings.relations.flatMap((name) => relationsNamed(context, name));
  const tables = [...new Set(named.map(({ name }) => name))];
  if (!setup.hidden.isActive) {
    return tables;
  }
  const columns = await findHiddenColumns(context, expanded.definitions);
  const filled = manner.filled === null ? [] : relationsNamed(context, manner.filled);
  if (filled.some((relation) => columns.of(relation).size > 0)) {
    throw new Refusal('it sets columns that it does not name, some of which are hidden; name the columns');
  }
  const problem =
    hiddenRead(expanded.statement, columns, (name) => relationsNamed(context, name), context.catalog) ??
    (manner.shape === null ? null : await unlikeCopy(context, expanded, columns, manner.shape));
  if (problem !== null) {
    throw new Refusal(problem);
  }
  return tables;
}

/** What is no query: EXPLAIN, a change, a definition, what is never run, or no statement at all. */
async function judgeOther(
  setup: GuardSetup,
  sql: string,
  unparsed: Unparsed,
  values: number,
): Promise<Judged> {
  const tokens = lex(sql);
  const statement = single(tokens);
  const words = firstWords(statement ?? tokens);
  const isDefinition = statement !== null && readDefinition(sql, statement) !== null;
  const never = isDefinition ? null : (neverRunHere(words) ?? neverRunReason(words));
  if (never !== null) {
    return refused({ kind: 'forbidden', reason: never });
  }
  if (unparsed.kind === 'syntax') {
    return refused(verdictOnSyntax(sql, unparsed));
  }
  if (statement === null) {
    throw new Refusal(moreThanOne);
  }
  if (unparsed.kind === 'unknown') {
    throw new Refusal(`it is not understood: ${unparsed.problem}`);
  }
  if (words[0] === 'EXPLAIN') {
    return judgeExplained(setup, sql, statement, values);
  }
  const judged =
    (await judgeChange(setup, sql, statement, values)) ?? (await judgeDefinition(setup, sql, statement));
  if (judged !== null) {
    return judged;
  }
  if (/^(?:SELECT|FROM|WITH|PIVOT)$/.test(words[0] ?? '')) {
    throw new Refusal(
      'a PIVOT without the values that become columns makes a type for them first; list them: PIVOT … ON column IN (…)',
    );
  }
  throw new Refusal(`${words[0] === '' ? 'it' : words[0]} is not a statement that is understood`);
}

async function judgeExplained(
  setup: GuardSetup,
  sql: string,
  statement: readonly Token[],
  values: number,
): Promise<Judged> {
  const explained = explainedQuery(sql, statement);
  const parsed = explained === null ? null : await setup.parser.parse(explained);
  if (explained === null || parsed === null || 'kind' in parsed) {
    throw new Refusal('EXPLAIN is only for statements that read');
  }
  return judgeQueries(setup, explained, parsed, values);
}

async function judgeChange(
  setup: GuardSetup,
  sql: string,
  statement: readonly Token[],
  values: number,
): Promise<Judged | null> {
  const reading = readChange(sql, statement);
  if (reading === null) {
    return null;
  }
  const { verb, target, queries, columns, fillsAll } = reading;
  const filled = fillsAll ? target : null;
  // A table that is changed is looked up as one that is read: its generated columns, and whether it is there at all.
  const trees = await treesOf(setup, [...queries, `SELECT 1 FROM ${written(target)}`], verb);
  await refuseReading(setup, trees, { kind: 'write', values, columns, filled, shape: null });
  refuseSystemTarget({ ...setup, catalog: await setup.readCatalog() }, target);
  return { verdict: changeVerdict(verb, [target.name]), tables: [target.name] };
}

async function judgeDefinition(
  setup: GuardSetup,
  sql: string,
  statement: readonly Token[],
): Promise<Judged | null> {
  const reading = readDefinition(sql, statement);
  if (reading === null) {
    return null;
  }
  const words = firstWords(statement);
  if (setup.hidden.isActive) {
    throw new Refusal(`${words[0]} could show hidden columns under another name`);
  }
  const { queries, called, target } = reading;
  const calls = called.map((name) => `SELECT ${quote(name)}()`);
  const trees = await treesOf(setup, [...queries, ...calls], words[0] ?? '');
  await refuseReading(setup, trees, { kind: 'write', values: 0, columns: [], filled: null, shape: null });
  if (target !== null && /[/\\:*?]/.test(target.name)) {
    throw new Refusal(`"${target.name}" is no name of a table`);
  }
  return { verdict: definitionVerdict(words), tables: [] };
}

async function treesOf(
  setup: GuardSetup,
  queries: readonly string[],
  verb: string,
): Promise<readonly Tree[]> {
  const trees: Tree[] = [];
  for (const query of queries) {
    const parsed = await setup.parser.parse(query);
    const [tree, ...others] = 'kind' in parsed ? [] : parsed;
    if (tree === undefined || others.length > 0) {
      throw new Refusal(`a part of this ${verb} is not understood`);
    }
    trees.push(tree);
  }
  return trees;
}

const written = ({ catalog, schema, name }: QualifiedName): string =>
  [catalog, schema, name].flatMap((part) => (part === null ? [] : [quote(part)])).join('.');
