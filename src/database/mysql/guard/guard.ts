import type { Dialect } from '../../../schema/schema.ts';
import type { Verdict } from '../../database.ts';
import type { Catalog, StoredFunction } from './catalog.ts';
import { harms, isEverywhere, isHarmless } from './functions.ts';
import type { HiddenColumns } from './hidden-columns.ts';
import { analyse } from './syntax/analysis.ts';
import type { Analysis, FunctionCall, TableReference } from './syntax/findings.ts';
import { fold, Refusal } from './syntax/reader.ts';
import { analyseStoredCode } from './syntax/stored-code.ts';

/** What a statement is judged by. */
export interface GuardContext {
  readonly dialect: Dialect;
  /** The current database. */
  readonly database: string;
  /** Databases that statements may reach, the current one among them. */
  readonly databases: readonly string[];
  readonly caseSensitive: boolean;
  readonly catalog: Catalog;
  readonly hidden: HiddenColumns;
}

/** A verdict, with what was read of the statement where it is not forbidden. */
export interface GuardResult {
  readonly verdict: Verdict;
  readonly analysis: Analysis | null;
}

/** Views of information_schema that show structure, and nothing of rows, passwords or other sessions. */
const openViews = new Set(
  `SCHEMATA TABLES COLUMNS VIEWS KEY_COLUMN_USAGE TABLE_CONSTRAINTS REFERENTIAL_CONSTRAINTS CHECK_CONSTRAINTS
  STATISTICS PARTITIONS CHARACTER_SETS COLLATIONS COLLATION_CHARACTER_SET_APPLICABILITY ENGINES KEYWORDS ROUTINES
  PARAMETERS TRIGGERS SQL_FUNCTIONS GEOMETRY_COLUMNS ST_GEOMETRY_COLUMNS SPATIAL_REF_SYS ST_SPATIAL_REFERENCE_SYSTEMS
  PERIODS SEQUENCES VIEW_TABLE_USAGE VIEW_ROUTINE_USAGE TABLES_EXTENSIONS COLUMNS_EXTENSIONS GLOBAL_VARIABLES
  SESSION_VARIABLES SYSTEM_VARIABLES GLOBAL_STATUS SESSION_STATUS EVENTS PLUGINS`.split(/\s+/),
);

const deeds: Readonly<Record<string, string>> = {
  INSERT: 'adds rows',
  REPLACE: 'replaces rows',
  UPDATE: 'changes rows',
  DELETE: 'removes rows',
};

/** Judges a statement by its text and by what the functions, views and columns are that it names. */
export async function guardStatement(sql: string, context: GuardContext): Promise<GuardResult> {
  try {
    const analysis = analyse(sql);
    await inspect(analysis, context, new Set());
    await context.hidden.refuse(analysis, context);
    const { kind, verb, targets } = analysis;
    if (kind === 'read') return { verdict: { kind, reason: null }, analysis };
    const what = kind === 'ddl' ? 'changes the schema' : (deeds[verb] ?? 'writes');
    const names = targets.map((table) => table.name).join(', ');
    return { verdict: { kind, reason: `${verb} ${what}${names && `: ${names}`}` }, analysis };
  } catch (error) {
    if (error instanceof Refusal)
      return { verdict: { kind: 'forbidden', reason: error.message }, analysis: null };
    throw error;
  }
}

/** Throws a Refusal for a table, database or function that may not be used; `path` holds the views on the way. */
async function inspect(analysis: Analysis, context: GuardContext, path: ReadonlySet<string>): Promise<void> {
  const inView = path.size > 0;
  for (const database of analysis.databases) refuseDatabase(database, context);
  for (const table of analysis.tables)
    if (!isDefinedByWith(table, analysis)) await inspectTable(table, analysis, context, path);
  for (const call of analysis.calls) await inspectCall(call, context, inView);
}

/** The table is one of the statement's own. A write could still mean the table behind the name. */
export function isDefinedByWith(table: TableReference, analysis: Analysis): boolean {
  return table.isCommon && analysis.kind === 'read';
}

const sameName = (a: string, b: string, context: GuardContext): boolean =>
  context.caseSensitive ? a === b : a.toLowerCase() === b.toLowerCase();

export const isInformationSchema = (database: string): boolean =>
  database.toLowerCase() === 'information_schema';

function refuseDatabase(database: string, context: GuardContext): void {
  const isOpen = context.databases.some((each) => sameName(database, each, context));
  if (!isOpen && !isInformationSchema(database))
    throw new Refusal(`${database} is another database than ${context.database}`);
}

async function inspectTable(
  table: TableReference,
  analysis: Analysis,
  context: GuardContext,
  path: ReadonlySet<string>,
): Promise<void> {
  const database = table.database ?? context.database;
  const name = `${database}.${table.name}`;
  if (isInformationSchema(database)) {
    if (!openViews.has(table.name.toUpperCase()))
      throw new Refusal(`${name} shows other sessions, accounts or the server's own memory`);
    if (analysis.kind !== 'read') throw new Refusal(`${name} can't be changed`);
    return;
  }
  if (/^(mysql|performance_schema|sys)$/.test(fold(database)))
    throw new Refusal(`${name} belongs to the server: it holds accounts, secrets and other sessions`);
  // The maker of a view decided that it reaches into another database; a statement may not.
  if (path.size === 0) refuseDatabase(database, context);
  const facts = await context.catalog.table(database, table.name);
  if (analysis.form === 'show' && /^(FEDERATED|CONNECT|SPIDER)$/i.test(facts?.storageEngine ?? ''))
    throw new Refusal(`The text of ${table.name} can hold the password of another server`);
  if (facts === null || facts.view === null || facts.view === '' || path.has(name)) return;
  try {
    await inspect(analyse(facts.view), context, new Set([...path, name]));
  } catch (error) {
    if (error instanceof Refusal) throw new Refusal(`View ${table.name}: ${error.message}`);
    throw error;
  }
}

async function inspectCall(call: FunctionCall, context: GuardContext, inView: boolean): Promise<void> {
  const name = call.name.toUpperCase();
  const shown = call.database === null ? call.name : `${call.database}.${call.name}`;
  if (call.database === null) {
    const harm = harms[name];
    const isHarmful = harm !== undefined && (call.hasArguments || name !== 'LAST_INSERT_ID');
    if (isHarmful) throw new Refusal(`${shown}() ${harm}`);
    const isBuiltIn = harm !== undefined || isHarmless(name, context.dialect);
    if (!call.loose && (harm !== undefined || isEverywhere(name))) return;
    const stored = await context.catalog.storedFunctions(call.name);
    const here = stored.filter(({ database }) => inView || sameName(database, context.database, context));
    if (here.length === 0 && isBuiltIn) return;
    if (here.length === 0) throw new Refusal(`${shown}() is not a function that is known to do no harm`);
    for (const each of here) await inspectStored(each, context);
    return;
  }
  if (!inView) refuseDatabase(call.database, context);
  const stored = await context.catalog.storedFunctions(call.name);
  const there = stored.filter(({ database }) => sameName(database, call.database ?? '', context));
  if (there.length === 0) throw new Refusal(`${shown}() is not a function that is known to do no harm`);
  for (const each of there) await inspectStored(each, context);
}

/** A stored function is admitted by its code, and unseen by its maker's word that it holds no SQL. */
async function inspectStored(stored: StoredFunction, context: GuardContext): Promise<void> {
  const refuse = (why: string): never => {
    throw new Refusal(`${stored.database}.${stored.name}() is a stored function: ${why}`);
  };
  if (stored.declared === 'MODIFIES SQL DATA') refuse('it says that it changes data');
  if (stored.code === null) {
    if (context.hidden.isActive) refuse('its code is not visible, and may read a hidden column');
    if (stored.declared !== 'NO SQL') refuse('its code is not visible, and it does not say NO SQL');
    return;
  }
  const judged = analyseStoredCode(stored.code);
  if (typeof judged === 'string') return refuse(judged);
  for (const call of judged) {
    const name = call.name.toUpperCase();
    // One stored function that calls another is left aside: it would have to be followed.
    const isOwn = call.database === null && !call.loose && isHarmless(name, context.dialect);
    if (!isOwn || (!isEverywhere(name) && (await context.catalog.storedFunctions(call.name)).length > 0))
      refuse(`it calls ${call.name}()`);
  }
}
