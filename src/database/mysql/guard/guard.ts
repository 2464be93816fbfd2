import type { Verdict } from '../../database.ts';
import { changeVerdict, definitionVerdict, syntaxVerdict, unclosedVerdict } from '../../statement-words.ts';
import type { StoredFunction } from './catalog.ts';
import { type GuardContext, isInformationSchema, isSameDatabase } from './context.ts';
import { harms, isEverywhere, isHarmless } from './functions.ts';
import type { HiddenColumns } from './hidden-columns.ts';
import { isRemote, refuseSecrets } from './secrets.ts';
import { analyse } from './syntax/analysis.ts';
import { type Analysis, type FunctionCall, isDefinedByWith, type TableReference } from './syntax/findings.ts';
import { asciiUpper, fold } from './syntax/names.ts';
import { NoStatement, NotClosed, Refusal } from './syntax/reader.ts';
import { plainMode, sqlModeOf } from './syntax/sql-mode.ts';
import { analyseStoredCode } from './syntax/stored-code.ts';

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

/**
 * Judges a statement by its text and by what the functions, views and columns are that it names. `values` is how many
 * values there are for its `?`.
 */
export async function guardStatement(
  sql: string,
  values: number,
  context: GuardContext,
  hidden: HiddenColumns,
): Promise<GuardResult> {
  try {
    const analysis = analyse(sql, context.mode, values);
    await inspect(analysis, context, hidden, new Set());
    await hidden.refuse(analysis, context);
    return { verdict: verdictOf(analysis), analysis };
  } catch (error) {
    if (error instanceof NoStatement) {
      const { text, start } = error.token;
      return { verdict: syntaxVerdict(sql, { word: text, at: start, isFirst: true }), analysis: null };
    }
    if (error instanceof NotClosed) {
      return { verdict: unclosedVerdict(error.what), analysis: null };
    }
    if (error instanceof Refusal) {
      return { verdict: { kind: 'forbidden', reason: error.message }, analysis: null };
    }
    throw error;
  }
}

function verdictOf({ kind, verb, words, targets }: Analysis): Verdict {
  if (kind === 'read') {
    return { kind, reason: null };
  }
  if (kind === 'ddl') {
    return definitionVerdict(words);
  }
  return changeVerdict(
    verb,
    targets.map(({ name }) => name),
  );
}

/** Throws a Refusal for a table, database or function that may not be used; `path` holds the views on the way. */
async function inspect(
  analysis: Analysis,
  context: GuardContext,
  hidden: HiddenColumns,
  path: ReadonlySet<string>,
): Promise<void> {
  const inView = path.size > 0;
  await refuseSecrets(analysis, context.rows);
  for (const database of analysis.databases) {
    refuseDatabase(database, context);
  }
  for (const table of analysis.tables) {
    if (!isDefinedByWith(table, analysis)) {
      await inspectTable(table, analysis, context, hidden, path);
    }
  }
  for (const call of analysis.calls) {
    await inspectCall(call, context, hidden, inView);
  }
}

function refuseDatabase(database: string, context: GuardContext): void {
  const isOpen = context.databases.some((each) => isSameDatabase(database, each, context));
  if (!isOpen && !isInformationSchema(database)) {
    throw new Refusal(`${database} is another database than ${context.database}`);
  }
}

async function inspectTable(
  table: TableReference,
  analysis: Analysis,
  context: GuardContext,
  hidden: HiddenColumns,
  path: ReadonlySet<string>,
): Promise<void> {
  const database = table.database ?? context.database;
  const name = `${database}.${table.name}`;
  if (isInformationSchema(database)) {
    if (!openViews.has(asciiUpper(table.name))) {
      throw new Refusal(`${name} shows other sessions, accounts or the server's own memory`);
    }
    if (analysis.kind !== 'read') {
      throw new Refusal(`${name} can't be changed`);
    }
    return;
  }
  if (/^(mysql|performance_schema|sys)$/.test(fold(database))) {
    throw new Refusal(`${name} belongs to the server: it holds accounts, secrets and other sessions`);
  }
  // The maker of a view decided that it reaches into another database; a statement may not.
  if (path.size === 0) {
    refuseDatabase(database, context);
  }
  const facts = await context.catalog.table(database, table.name);
  if (analysis.form === 'show' && isRemote(facts?.storageEngine ?? '')) {
    throw new Refusal(`The text of ${table.name} can hold the password of another server`);
  }
  if (facts === null || facts.view === null || facts.view === '' || path.has(name)) {
    return;
  }
  try {
    await inspect(analyse(facts.view, plainMode), context, hidden, new Set([...path, name]));
  } catch (error) {
    if (error instanceof Refusal) {
      throw new Refusal(`View ${table.name}: ${error.message}`);
    }
    throw error;
  }
}

async function inspectCall(
  call: FunctionCall,
  context: GuardContext,
  hidden: HiddenColumns,
  inView: boolean,
): Promise<void> {
  const name = asciiUpper(call.name);
  const shown = call.database === null ? call.name : `${call.database}.${call.name}`;
  if (call.database === null) {
    const harm = harms[name];
    const isHarmful = harm !== undefined && (call.hasArguments || name !== 'LAST_INSERT_ID');
    if (isHarmful) {
      throw new Refusal(`${shown}() ${harm}`);
    }
    const isBuiltIn = harm !== undefined || isHarmless(name, context.dialect);
    if (!call.loose && (harm !== undefined || isEverywhere(name))) {
      return;
    }
    const stored = await context.catalog.storedFunctions(call.name);
    const here = stored.filter(
      ({ database }) => inView || isSameDatabase(database, context.database, context),
    );
    if (here.length === 0 && isBuiltIn) {
      return;
    }
    if (here.length === 0) {
      throw new Refusal(`${shown}() is not a function that is known to do no harm`);
    }
    for (const each of here) {
      await inspectStored(each, context, hidden);
    }
    return;
  }
  if (!inView) {
    refuseDatabase(call.database, context);
  }
  const stored = await context.catalog.storedFunctions(call.name);
  const there = stored.filter(({ database }) => isSameDatabase(database, call.database ?? '', context));
  if (there.length === 0) {
    throw new Refusal(`${shown}() is not a function that is known to do no harm`);
  }
  for (const each of there) {
    await inspectStored(each, context, hidden);
  }
}

/** A stored function is admitted by its code, and unseen by its maker's word that it holds no SQL. */
async function inspectStored(
  stored: StoredFunction,
  context: GuardContext,
  hidden: HiddenColumns,
): Promise<void> {
  const refuse = (why: string): never => {
    throw new Refusal(`${stored.database}.${stored.name}() is a stored function: ${why}`);
  };
  if (stored.declared === 'MODIFIES SQL DATA') {
    refuse('it says that it changes data');
  }
  if (!stored.isSql) {
    refuse('its code is not SQL');
  }
  if (stored.code === null) {
    if (hidden.isActive) {
      refuse('its code is not visible, and may read a hidden column');
    }
    if (stored.declared !== 'NO SQL') {
      refuse('its code is not visible, and it does not say NO SQL');
    }
    return;
  }
  const mode = sqlModeOf(stored.mode);
  if (mode === null) {
    return refuse('it was made under the sql_mode ORACLE, whose SQL is not read here');
  }
  const judged = analyseStoredCode(stored.code, mode);
  if (typeof judged === 'string') {
    return refuse(judged);
  }
  if (judged.assigned.length > 0) {
    const own = new Set((await context.catalog.parameters(stored)).map(asciiUpper));
    const variable = judged.assigned.find((name) => !own.has(name));
    if (variable !== undefined) {
      refuse(`it sets ${variable}, which is no variable of its own`);
    }
  }
  for (const call of judged.calls) {
    const name = asciiUpper(call.name);
    // One stored function that calls another is left aside: it would have to be followed.
    const isOwn = call.database === null && !call.loose && isHarmless(name, context.dialect);
    if (!isOwn || (!isEverywhere(name) && (await context.catalog.storedFunctions(call.name)).length > 0)) {
      refuse(`it calls ${call.name}()`);
    }
  }
}
