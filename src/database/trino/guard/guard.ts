import type { Verdict } from '../../database.ts';
import type { HidePatterns } from '../../pattern.ts';
import {
  changeVerdict,
  definitionVerdict,
  moreThanOne,
  neverRunReason,
  noStatement,
  syntaxVerdict,
  unclosedVerdict,
} from '../../statement-words.ts';
import { definitionsOf } from './catalog.ts';
import { type GuardContext, nameOf, resolve, type TableName } from './context.ts';
import { harmlessFunctions } from './functions.ts';
import { refuseHidden } from './hidden.ts';
import { secretOf } from './secrets.ts';
import { NoStatement, Refusal } from './syntax/cursor.ts';
import type { Findings, Reading } from './syntax/findings.ts';
import { LexError, lex, type Token, Unclosed } from './syntax/lex.ts';
import { readDefinition, readStatement } from './syntax/statement.ts';

/** A statement that may run: what it is, and all tables that it reads, those behind views too. */
export interface Judged extends Reading {
  /** Those that it names itself. */
  readonly named: readonly TableName[];
  /** Those and all that views among them read. */
  readonly reached: readonly TableName[];
  /** There are views among them. */
  readonly hasViews: boolean;
}

/** A verdict, with what was read of the statement where it may run. */
export interface GuardResult {
  readonly verdict: Verdict;
  readonly judged: Judged | null;
}

const refused = (verdict: Verdict): GuardResult => ({ verdict, judged: null });

/** Judges one statement by its text, and by the texts of the views that it reads. */
export async function guardStatement(
  sql: string,
  context: GuardContext,
  hide: HidePatterns,
): Promise<GuardResult> {
  try {
    const tokens = withoutSemicolons(lex(sql));
    const change = changeOf(tokens);
    if (change !== null) {
      return refused(change);
    }
    const reading = readStatement(tokens);
    return { verdict: { kind: 'read', reason: null }, judged: await inspect(reading, context, hide) };
  } catch (error) {
    if (error instanceof NoStatement) {
      const { text, start, end } = error.token;
      const word = error.token.kind === 'end' ? '' : sql.slice(start, end) || text;
      return refused(syntaxVerdict(sql, { word, at: start, isFirst: sql.slice(0, start).trim() === '' }));
    }
    if (error instanceof Unclosed) {
      return refused(unclosedVerdict(error.what));
    }
    if (error instanceof Refusal || error instanceof LexError) {
      return refused({ kind: 'forbidden', reason: withFullStop(error.message) });
    }
    throw error;
  }
}

const withFullStop = (text: string): string => (text.endsWith('.') ? text : `${text}.`);

/** The tokens of the only statement. Throws a Refusal where there is none, or another one. */
function withoutSemicolons(tokens: readonly Token[]): readonly Token[] {
  const isSemicolon = ({ kind, text }: Token): boolean => kind === 'sign' && text === ';';
  const first = tokens.findIndex((token) => !isSemicolon(token));
  const last = tokens.findLastIndex((token) => !isSemicolon(token));
  if (first < 0) {
    throw new Refusal(noStatement);
  }
  const own = tokens.slice(first, last + 1);
  if (own.some(isSemicolon)) {
    throw new Refusal(moreThanOne);
  }
  return own;
}

const definitions: Readonly<Record<string, RegExp>> = {
  CREATE: /^(?:OR REPLACE )?(?:TABLE|VIEW|MATERIALIZED VIEW|SCHEMA)\b/,
  DROP: /^(?:TABLE|VIEW|MATERIALIZED VIEW|SCHEMA)\b/,
  ALTER: /^(?:TABLE|VIEW|MATERIALIZED VIEW|SCHEMA)\b/,
  COMMENT: /^ON\b/,
  TRUNCATE: /^TABLE\b/,
  REFRESH: /^MATERIALIZED\b/,
  ANALYZE: /^/,
};

const changes: Readonly<Record<string, number>> = { INSERT: 2, DELETE: 2, MERGE: 2, UPDATE: 1 };

/** What is said of a statement that does something else than reading; null where its first word may begin one that reads. */
function changeOf(tokens: readonly Token[]): Verdict | null {
  const words = tokens.slice(0, 5).map(({ kind, text }) => (kind === 'word' ? text : ''));
  const [verb = '', ...rest] = words;
  const place = changes[verb];
  if (place !== undefined) {
    const table = tokens[place];
    return changeVerdict(
      verb,
      table === undefined ? [] : [table.kind === 'word' ? table.text.toLowerCase() : table.text],
    );
  }
  if (definitions[verb]?.test(rest.join(' ').trim()) === true) {
    return definitionVerdict(words);
  }
  const never = neverRunReason(words);
  if (never !== null) {
    return { kind: 'forbidden', reason: never };
  }
  const other = otherStatements[verb];
  return other === undefined ? null : { kind: 'forbidden', reason: `${verb} ${other}.` };
}

/** Statements of Trino alone that never run. */
const otherStatements: Readonly<Record<string, string>> = {
  CREATE: 'makes what is more than a table',
  DROP: 'deletes what is more than a table',
  ALTER: 'changes what is more than a table',
  DENY: 'changes who may do what',
  REFRESH: 'replaces the rows of a materialized view',
};

/** How deep views may stand within one another. */
const deepestView = 20;

/** Throws a Refusal for a function or table that may not be used, by itself or within a view. */
async function inspect(reading: Reading, context: GuardContext, hide: HidePatterns): Promise<Judged> {
  const reached = new Map<string, TableName>();
  let hasViews = false;

  const look = async (
    findings: Findings,
    home: GuardContext['home'],
    depth: number,
  ): Promise<TableName[]> => {
    refuseFunctions(findings);
    const named = findings.tables.map(({ parts }) => resolved(parts, { ...context, home }));
    for (const table of named) {
      const secret = secretOf(table, context.catalogs);
      if (secret !== null) {
        throw new Refusal(secret);
      }
      reached.set(nameOf(table), table);
    }
    const tables = named.filter(
      ({ schema, catalog }) => schema !== 'information_schema' && catalog !== 'system',
    );
    if (hide.isActive && tables.length > 0) {
      await refuseHidden(findings, tables, hide, context);
    }
    const views = tables.length === 0 ? new Map<string, string>() : await definitionsOf(tables, context);
    for (const table of tables) {
      const text = views.get(nameOf(table));
      if (text === undefined) {
        continue;
      }
      hasViews = true;
      if (depth >= deepestView) {
        throw new Refusal(`The view ${table.table} stands on too many others`);
      }
      await within(table, () => look(readDefinition(lex(text)).findings, table, depth + 1));
    }
    return named;
  };

  const named = await look(reading.findings, context.home, 0);
  return { ...reading, named, reached: [...reached.values()], hasViews };
}

/** What is refused within a view is said with its name. */
async function within(view: TableName, look: () => Promise<unknown>): Promise<void> {
  try {
    await look();
  } catch (error) {
    if (error instanceof NoStatement || error instanceof LexError) {
      throw new Refusal(`The text of the view ${view.table} is not understood`);
    }
    throw error instanceof Refusal
      ? new Refusal(`The view ${view.table} can't be read: ${error.message}`)
      : error;
  }
}

function refuseFunctions({ functions }: Findings): void {
  for (const name of functions) {
    if (!harmlessFunctions.has(name)) {
      throw new Refusal(`The function ${name} is not on the list of harmless ones`);
    }
  }
}

function resolved(parts: readonly string[], { home, catalogs }: GuardContext): TableName {
  const name = resolve(parts, home);
  if (name === null) {
    throw new Refusal(
      parts.length > 3
        ? `${parts.join('.')} has more parts than a table's name has`
        : `${parts.join('.')} needs its catalog and schema before it: catalog.schema.${parts.at(-1) ?? ''}`,
    );
  }
  if (!catalogs.has(name.catalog)) {
    throw new Refusal(`There is no catalog ${name.catalog}`);
  }
  return name;
}
