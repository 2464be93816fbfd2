import type { Verdict } from '../database.ts';
import { type CatalogFunction, functionsBy, type Lookup, lookUp } from './catalog.ts';
import { concealment } from './concealment.ts';
import { definitionProblem } from './definition.ts';
import { findAll } from './find.ts';
import type { Call, Findings } from './findings.ts';
import { bodyWords, harmOf, harmOfName, isServers, mayShow } from './functions.ts';
import { hiddenRead } from './hidden-reads.ts';
import type { HiddenColumns } from './hide.ts';
import { asTree, listOf, type Statement, textOf, type Unparsed } from './parser.ts';
import { isSecretName, secretOf, secretSettingsQuery } from './secrets.ts';
import type { Session } from './session.ts';
import { forbiddenStatements } from './syntax.ts';
import { inCatalog } from './transaction.ts';

/** A verdict, and the statement where it was understood. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly statement: Statement | null;
}

/** Lets the server plan the guard's own query, while nobody waits for it yet. */
export async function prepareGuard(session: Session): Promise<void> {
  const nothing = { calls: [], relations: [], operators: [], types: [] };
  if (session.keepsStatements) await inCatalog(session.client, () => lookUp(session, nothing));
}

/** How many times functions are followed into the functions that they call. */
const callDepth = 6;

const changes = new Set(['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt']);

/** Judges one statement; never runs it, asks the catalog alone. */
export async function judge(
  session: Session,
  parsed: Statement | Unparsed,
  hidden: HiddenColumns,
): Promise<Judgement> {
  if ('problem' in parsed) return { verdict: forbidden(parsed.problem), statement: null };
  const verdict = await judgeStatement(session, parsed, hidden);
  return { verdict, statement: parsed };
}

function forbidden(reason: string): Verdict {
  // Names stay as they are written; our own words begin a sentence.
  const sentence = /^(?:it|a|the|there|what|this) /.test(reason)
    ? `${reason[0]?.toUpperCase()}${reason.slice(1)}`
    : reason;
  return { kind: 'forbidden', reason: `${sentence}.` };
}

async function judgeStatement(
  session: Session,
  statement: Statement,
  hidden: HiddenColumns,
): Promise<Verdict> {
  const { tag, body } = statement;
  const banned = forbiddenStatements[tag];
  if (banned !== undefined) return forbidden(`${words(banned[0], statement)} ${banned[1]}`);
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
      if (inner === undefined || innerBody === null) return forbidden('it is not understood');
      if (inner[0] !== 'SelectStmt') return forbidden('EXPLAIN is for SELECT here');
      const problem = explainProblem(listOf(body['options']));
      if (problem !== null) return forbidden(problem);
      return judgeStatement(session, { ...statement, tag: inner[0], body: innerBody }, hidden);
    }
    case 'SelectStmt':
      return judgeRows(session, findAll(tag, body, 'rows'), hidden, 'read');
  }
  if (changes.has(tag)) return judgeRows(session, findAll(tag, body, 'rows'), hidden, 'write');
  const definition = definitionProblem(tag, body);
  if (definition === null)
    return forbidden(`${tag.replace(/Stmt$/, '')} is not a statement that is understood`);
  if (definition.problem !== null) return forbidden(definition.problem);
  const findings = findAll(tag, body, 'tables');
  const verdict = await judgeRows(session, findings, hidden, 'write');
  return verdict.kind === 'read' ? { kind: 'ddl', reason: definition.reason } : verdict;
}

/** The words that a statement begins with; where one node stands for several, the first word as written. */
function words(known: string, { tag, body, text }: Statement): string {
  if (tag === 'TransactionStmt')
    return (textOf(body['kind']) ?? '').replace('TRANS_STMT_', '').replaceAll('_', ' ');
  return known.includes(' or ') ? (/\w+/.exec(text)?.[0].toUpperCase() ?? known) : known;
}

const explainOptions = new Set(
  'analyze verbose costs settings generic_plan buffers wal timing summary format memory serialize'.split(' '),
);

function explainProblem(options: readonly unknown[]): string | null {
  for (const option of options) {
    const name = textOf(asTree(asTree(option)?.['DefElem'])?.['defname']) ?? '';
    if (!explainOptions.has(name)) return `EXPLAIN with ${name} is not understood`;
  }
  return null;
}

async function judgeRows(
  session: Session,
  findings: Findings,
  hidden: HiddenColumns,
  kind: 'read' | 'write',
): Promise<Verdict> {
  const [refusal] = findings.refusals;
  if (refusal !== undefined) return forbidden(refusal);
  const sampling = findings.samplingMethods.find(
    (method) => !/^(system|bernoulli|system_rows|system_time)$/.test(method),
  );
  if (sampling !== undefined) return forbidden(`TABLESAMPLE ${sampling} is not understood`);
  const problem = await inCatalog(session.client, async () => {
    const found = await lookUp(session, {
      ...findings,
      operators: [...findings.operators, '=', '<>', '<', '>', '<=', '>='],
    });
    return (
      relationProblem(found, findings, hidden) ??
      (await settingsProblem(session, found)) ??
      (await functionProblem(session, found, findings, hidden, kind)) ??
      hiddenRead(found.relations, await concealment(session.client, found.relations, hidden), findings)
    );
  });
  if (problem !== null) return forbidden(problem);
  if (findings.changes.length === 0) return { kind: 'read', reason: null };
  const [change] = findings.changes;
  return {
    kind: 'write',
    reason: `${change?.verb} changes rows of ${change?.table.name}.`,
  };
}

function relationProblem(found: Lookup, findings: Findings, hidden: HiddenColumns): string | null {
  for (const relation of found.relations) {
    const secret = secretOf(relation, hidden.patterns.length > 0);
    if (secret !== null) return `${relation.name} ${secret}`;
    const changed = findings.changes.some(({ table }) => table.name === relation.name);
    if (changed && /^(pg_|information_schema$)/.test(relation.schema))
      return `${relation.name} is of the server itself`;
  }
  return null;
}

/** All settings may be listed where none of those that this role sees holds a secret. */
async function settingsProblem(session: Session, found: Lookup): Promise<string | null> {
  if (!found.relations.some(({ schema, name }) => schema === 'pg_catalog' && name === 'pg_settings'))
    return null;
  const { rows } = await session.client.query<{ secret: boolean }>(secretSettingsQuery);
  return rows[0]?.secret === false ? null : 'pg_settings shows settings that are secret';
}

/** The first function that must not be called, and why. */
async function functionProblem(
  session: Session,
  found: Lookup,
  findings: Findings,
  hidden: HiddenColumns,
  kind: 'read' | 'write',
): Promise<string | null> {
  const follow: { id: number; through: string }[] = [];
  for (const call of findings.calls) {
    if (isColumn(call, found, findings)) continue;
    const reachable = candidates(call, found.functions, session.searchPath);
    const unknown = reachable.length === 0 && call.attributeOf === undefined ? harmOfName(call.name) : null;
    if (unknown !== null) return `${call.name}() ${unknown}`;
    for (const candidate of reachable) {
      if (isShownSetting(call, candidate)) continue;
      if (kind === 'write' && candidate.name === 'nextval' && isServers(candidate)) continue;
      const harm = harmOf(candidate, 'statement');
      if (harm !== null) return `${call.name}${call.attributeOf === undefined ? '()' : ''} ${harm}`;
      follow.push({ id: candidate.id, through: `${call.name}()` });
    }
  }
  for (const operator of found.operators)
    follow.push({ id: operator.function, through: `the operator ${operator.name}` });
  for (const cast of found.casts) follow.push({ id: cast.function, through: `a cast to ${cast.name}` });
  for (const domain of found.domains)
    follow.push({ id: domain.function, through: `the check of the type ${domain.name}` });
  for (const relation of found.relations)
    for (const id of relation.functions) follow.push({ id, through: relation.name });
  return followFunctions(session, follow, found.functions, hidden);
}

/** All functions that a call may mean: of that name, visible, and taking so many arguments. */
function candidates(
  call: Call,
  functions: readonly CatalogFunction[],
  searchPath: readonly string[],
): readonly CatalogFunction[] {
  return functions.filter(
    (candidate) =>
      candidate.name === call.name &&
      (call.schema === null ? searchPath.includes(candidate.schema) : candidate.schema === call.schema) &&
      (call.argumentCount < 0 ||
        (candidate.fewestArguments <= call.argumentCount && call.argumentCount <= candidate.mostArguments)),
  );
}

/** `alias.name` is a column where everything of that alias has such a column: the server prefers it to a function. */
function isColumn(call: Call, found: Lookup, findings: Findings): boolean {
  if (call.attributeOf === undefined || call.attributeOf === null) return false;
  const named = findings.sources.filter((source) => source.alias === call.attributeOf);
  return (
    named.length > 0 &&
    named.every((source) => {
      if (source.renamed) return false;
      if (source.relation === null) return source.columns?.includes(call.name) ?? false;
      const { schema, name } = source.relation;
      const tables = found.relations.filter(
        (relation) => relation.name === name && (schema === null || relation.schema === schema),
      );
      return tables.length > 0 && tables.every((table) => table.columns.includes(call.name));
    })
  );
}

function isShownSetting(call: Call, candidate: CatalogFunction): boolean {
  return (
    candidate.name === 'current_setting' &&
    isServers(candidate) &&
    call.attributeOf === undefined &&
    call.literal !== null &&
    mayShow(call.literal)
  );
}

/** Follows functions into what their bodies, and the aggregates they make up, may call. */
async function followFunctions(
  session: Session,
  start: readonly { id: number; through: string }[],
  known: readonly CatalogFunction[],
  hidden: HiddenColumns,
): Promise<string | null> {
  const judged = new Set<number>();
  const byId = new Map(known.map((found) => [found.id, found]));
  let next = start;
  for (let depth = 0; next.length > 0; depth++) {
    if (depth === callDepth) return `${next[0]?.through} calls functions deeper than can be followed`;
    const missing = next.filter(({ id }) => !byId.has(id)).map(({ id }) => id);
    if (missing.length > 0)
      for (const found of await functionsBy(session.client, missing, [])) byId.set(found.id, found);
    const deeper: { id: number; through: string }[] = [];
    for (const { id, through } of next) {
      const found = byId.get(id);
      if (judged.has(id)) continue;
      judged.add(id);
      if (found === undefined) return `${through} calls a function that is not there`;
      const harm = harmOf(found, 'definition');
      if (harm !== null)
        return through === `${found.name}()`
          ? `${through} ${harm}`
          : `${through} calls ${found.name}(), which ${harm}`;
      deeper.push(...found.parts.map((part) => ({ id: part, through: `${found.name}()` })));
      if (found.source === '' || found.extension !== null) continue;
      const body = bodyWords(found);
      if (body.dynamic) return `${found.name}() runs SQL that it builds`;
      const secret = body.names.find(isSecretName);
      if (secret !== undefined) return `${found.name}() reads ${secret}`;
      const concealed = body.names.find((name) => hidden.mentions(name));
      if (concealed !== undefined) return `${found.name}() may read ${concealed}, which is hidden`;
      for (const called of found.source.matchAll(/:(?:funcid|opfuncid|aggfnoid|winfnoid) (\d+)/g))
        deeper.push({ id: Number(called[1]), through: `${found.name}()` });
      for (const called of await functionsBy(session.client, [], body.names)) {
        byId.set(called.id, called);
        deeper.push({ id: called.id, through: `${found.name}()` });
      }
    }
    next = deeper.filter(({ id }) => id !== 0 && !judged.has(id));
  }
  return null;
}
