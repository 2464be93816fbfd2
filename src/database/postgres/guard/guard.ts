import type { Verdict } from '../../database.ts';
import type { HidePatterns } from '../../pattern.ts';
import {
  changeVerdict,
  definitionVerdict,
  neverRunReason,
  syntaxVerdict,
  unclosedVerdict,
} from '../../statement-words.ts';
import type { Session } from '../session.ts';
import type { Lookup } from './catalog.ts';
import type { GuardContext, GuardSetup } from './context.ts';
import { definitionProblem } from './definition.ts';
import { functionProblem } from './functions/called.ts';
import { settingProblem } from './functions/setting-names.ts';
import { mayShow } from './functions/settings.ts';
import { findHiddenColumns } from './hidden/columns.ts';
import { hiddenRead, hiddenRedefinition } from './hidden/reads.ts';
import { lookUpFirst } from './lookup.ts';
import { namesIn } from './names.ts';
import { asTree, listOf, type Statement, textOf, type Unparsed } from './parser.ts';
import { secretOf, secretSettingsQuery } from './secrets.ts';
import { findAll } from './walk/find.ts';
import type { Findings } from './walk/findings.ts';
import { forbiddenStatements } from './walk/syntax.ts';

/** A verdict, and the statement where it was understood. */
export interface Guarded {
  readonly verdict: Verdict;
  readonly statement: Statement | null;
}

/** Lets the server plan the guard's own query, while nobody waits for it yet. */
export async function prepareGuard(setup: GuardSetup): Promise<void> {
  const nothing = {
    calls: [],
    relations: [],
    operators: [],
    types: [],
    operatorClasses: [],
    words: [],
    typeIds: [],
    assigns: false,
  };
  await lookUpFirst(
    setup,
    nothing,
    async () => {},
    () => false,
  );
}

const changes = new Set(['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt']);

/** Looks at one statement; never runs it, asks the catalog alone. */
export async function guard(setup: GuardSetup, parsed: Statement | Unparsed): Promise<Guarded> {
  if ('problem' in parsed) {
    return { verdict: verdictOnUnparsed(parsed), statement: null };
  }
  const verdict = await verdictOn(setup, parsed);
  return { verdict, statement: parsed };
}

/** A verdict by a reason of the rules, which become a sentence. */
export function forbidden(reason: string): Verdict {
  // Names stay as they are written; our own words begin a sentence.
  const sentence = /^(?:it|a|the|there|what|this) /.test(reason)
    ? `${reason[0]?.toUpperCase()}${reason.slice(1)}`
    : reason;
  return { kind: 'forbidden', reason: sentence.endsWith('.') ? sentence : `${sentence}.` };
}

async function verdictOn(setup: GuardSetup, statement: Statement): Promise<Verdict> {
  const { tag, body } = statement;
  if (forbiddenStatements.has(tag)) {
    const words = setup.parser.firstWords(statement.text);
    const reason = neverRunReason(words) ?? `${words[0] ?? tag} changes more than tables and their rows.`;
    return { kind: 'forbidden', reason };
  }
  switch (tag) {
    case 'VariableShowStmt': {
      const name = textOf(body['name']) ?? '';
      return mayShow(name)
        ? { kind: 'read', reason: null }
        : forbidden(`SHOW ${name} shows a setting that may be secret`);
    }
    case 'ExplainStmt': {
      const [inner] = Object.entries(asTree(body['query']) ?? {});
      const innerBody = asTree(inner?.[1]);
      if (inner === undefined || innerBody === null) {
        return forbidden('it is not understood');
      }
      if (inner[0] !== 'SelectStmt') {
        return forbidden('EXPLAIN is for SELECT here');
      }
      const problem = explainProblem(listOf(body['options']));
      if (problem !== null) {
        return forbidden(problem);
      }
      return verdictOn(setup, { ...statement, tag: inner[0], body: innerBody });
    }
    case 'SelectStmt':
      return verdictOnRows(setup, findAll(tag, body, 'rows'), 'read');
  }
  if (changes.has(tag)) {
    return verdictOnRows(setup, findAll(tag, body, 'rows'), 'write');
  }
  const definition = definitionProblem(tag, body);
  if (definition === null) {
    return forbidden(`${tag.replace(/Stmt$/, '')} is not a statement that is understood`);
  }
  if (definition.problem !== null) {
    return forbidden(definition.problem);
  }
  const findings = findAll(tag, body, 'tables');
  const verdict = await verdictOnRows(setup, findings, 'write', tag);
  return verdict.kind === 'read' ? definitionVerdict(setup.parser.firstWords(statement.text)) : verdict;
}

/** What is no statement of PostgreSQL may be one of another engine. */
function verdictOnUnparsed({ problem, syntax }: Unparsed): Verdict {
  const unclosed = /unterminated .*?(comment)?(?: at|$)/u.exec(problem);
  if (unclosed !== null) {
    return unclosedVerdict(unclosed[1] === undefined ? 'quote' : 'comment');
  }
  if (syntax === undefined) {
    return forbidden(problem);
  }
  const never = neverRunReason(syntax.words);
  if (never !== null) {
    return { kind: 'forbidden', reason: never };
  }
  // A colon or a question mark may be a placeholder without a value.
  const isPlaceholder = /[:?]\s*$/u.test(syntax.sql.slice(0, syntax.at)) || /^[:?]/u.test(syntax.word);
  return isPlaceholder ? forbidden(problem) : syntaxVerdict(syntax.sql, syntax);
}

const explainOptions = new Set(
  'analyze verbose costs settings generic_plan buffers wal timing summary format memory serialize'.split(' '),
);

function explainProblem(options: readonly unknown[]): string | null {
  for (const option of options) {
    const name = textOf(asTree(asTree(option)?.['DefElem'])?.['defname']) ?? '';
    if (!explainOptions.has(name)) {
      return `EXPLAIN with ${name} is not understood`;
    }
  }
  return null;
}

/** Statements after which a hidden column may have another name, or another column its values. */
const redefining = new Set(['AlterTableStmt', 'RenameStmt', 'AlterObjectSchemaStmt']);

async function verdictOnRows(
  setup: GuardSetup,
  findings: Findings,
  kind: 'read' | 'write',
  definition = '',
): Promise<Verdict> {
  const [refusal] = findings.refusals;
  if (refusal !== undefined) {
    return forbidden(refusal);
  }
  const sampling = findings.samplingMethods.find(
    (method) => !/^(system|bernoulli|system_rows|system_time)$/.test(method),
  );
  if (sampling !== undefined) {
    return forbidden(`TABLESAMPLE ${sampling} is not understood`);
  }
  const { session, hidden } = setup;
  const names = { ...namesIn(findings), words: [], typeIds: [], assigns: kind === 'write' };
  const judge = async (context: GuardContext, found: Lookup): Promise<string | null> => {
    const problem =
      relationProblem(found, findings, hidden) ??
      (await settingsProblem(session, found)) ??
      (await functionProblem(context, found, findings, kind));
    if (problem !== null) {
      return problem;
    }
    const hiddenColumns = await findHiddenColumns(session.client, found.relations, hidden);
    return (
      (redefining.has(definition) ? hiddenRedefinition(found.relations, hiddenColumns, hidden) : null) ??
      hiddenRead(found.relations, hiddenColumns, findings)
    );
  };
  // What is admitted runs in the transaction that it was judged in.
  const problem = await lookUpFirst(setup, names, judge, (found) => found === null);
  if (problem !== null) {
    return forbidden(problem);
  }
  if (findings.changes.length === 0) {
    return { kind: 'read', reason: null };
  }
  const [change] = findings.changes;
  return changeVerdict(change?.verb ?? '', change === undefined ? [] : [change.table.name]);
}

function relationProblem(found: Lookup, findings: Findings, hidden: HidePatterns): string | null {
  for (const relation of found.relations) {
    const secret = secretOf(relation, hidden.isActive);
    if (secret !== null) {
      return `${relation.name} ${secret}`;
    }
    if (relation.runsProgram) {
      return `${relation.name} runs a program of the server`;
    }
    const setting = relation.settingCode === null ? null : settingProblem(relation.settingCode);
    if (setting !== null) {
      return `${relation.name} ${setting}`;
    }
    const changed = findings.changes.some(({ table }) => table.name === relation.name);
    if (changed && /^(pg_|information_schema$)/.test(relation.schema)) {
      return `${relation.name} is of the server itself`;
    }
    if (changed && relation.kind === 'f') {
      return `${relation.name} is a table of another server`;
    }
  }
  return null;
}

/** All settings may be listed where none of those that this role sees holds a secret. */
async function settingsProblem(session: Session, found: Lookup): Promise<string | null> {
  if (!found.relations.some(({ schema, name }) => schema === 'pg_catalog' && name === 'pg_settings')) {
    return null;
  }
  const { rows } = await session.client.query<{ secret: boolean }>(secretSettingsQuery);
  return rows[0]?.secret === false ? null : 'pg_settings shows settings that are secret';
}
