import type { Relation } from './catalog.ts';
import { type GuardContext, Refusal } from './context.ts';
import { type Expanded, relationsNamed } from './expand.ts';
import {
  catalogFunctions,
  catalogViews,
  fileReaders,
  harmlessFunctions,
  harmlessLists,
  harmlessTableFunctions,
} from './functions.ts';
import { fold, type QualifiedName } from './syntax/names.ts';
import type { Call, Findings } from './walk/findings.ts';

/** What only a statement that writes may call: a column may be numbered by them. */
const sequenceFunctions = new Set(['nextval', 'currval']);

/** Throws a Refusal for a statement that calls or reads what is not known to be harmless. */
export function refuseHarm(
  context: GuardContext,
  { statement, definitions }: Expanded,
  kind: 'read' | 'write',
): void {
  refuseFindings(context, statement, null, kind);
  for (const { relation, findings } of definitions) {
    refuseFindings(context, findings, relation, 'read');
  }
}

function refuseFindings(
  context: GuardContext,
  { refusals, calls, relations, shown }: Findings,
  within: Relation | null,
  kind: 'read' | 'write',
): void {
  const where = within === null ? '' : `, which ${within.name} reads`;
  const [refusal] = refusals;
  if (refusal !== undefined) {
    throw new Refusal(
      within === null ? refusal : `The ${within.kind} ${within.name} is not understood: ${refusal}`,
    );
  }
  for (const call of calls) {
    if (kind === 'write' && !call.isTable && sequenceFunctions.has(fold(call.name))) {
      continue;
    }
    const problem = callProblem(context, call, within);
    if (problem !== null) {
      throw new Refusal(within === null ? problem : `${problem} (in the ${within.kind} ${within.name})`);
    }
  }
  for (const name of relations) {
    const problem =
      within === null && isAttached(context, name)
        ? `${name.name} is read under the name that the schema shows, which hidden columns are known by`
        : relationProblem(context, name);
    if (problem !== null) {
      throw new Refusal(`${problem}${where}`);
    }
  }
  for (const list of shown) {
    if (!harmlessLists.has(list.replaceAll('"', ''))) {
      throw new Refusal(`SHOW ${list} shows more than tables and their columns`);
    }
    refuseShowing(context, `SHOW ${list}`);
  }
}

function callProblem(context: GuardContext, call: Call, within: Relation | null): string | null {
  const { catalog, hidden, files } = context;
  const name = fold(call.name);
  const isOwn = catalog.macros.some((macro) => fold(macro.name) === name);
  if (!catalog.functions.has(name)) {
    // What the parser itself makes of operators and brackets has names that no catalog lists.
    return isOwn || harmlessFunctions.has(name)
      ? null
      : `There is no function ${call.name} here that could be trusted`;
  }
  if (!call.isTable) {
    return harmlessFunctions.has(name)
      ? null
      : `The function ${call.name} is not on the list of harmless ones`;
  }
  if (catalogFunctions.has(name)) {
    return hidden.isActive ? `${call.name} could show hidden columns` : null;
  }
  if (fileReaders.has(name) && within?.kind === 'view' && readsOnly(call, files)) {
    return null;
  }
  if (harmlessTableFunctions.has(name)) {
    return null;
  }
  return fileReaders.has(name)
    ? `${call.name} reads a file`
    : `The function ${call.name} is not on the list of harmless ones`;
}

/** A reader names its files first: all must be those that the user asked about. */
function readsOnly({ firstTexts }: Call, files: ReadonlySet<string>): boolean {
  return firstTexts.length > 0 && firstTexts.every((text) => files.has(text));
}

function relationProblem(context: GuardContext, name: QualifiedName): string | null {
  if (isSystem(context, name)) {
    if (!catalogViews.has(fold(name.name))) {
      return `${name.name} is not on the list of harmless tables`;
    }
    return context.hidden.isActive ? `${name.name} could show hidden columns` : null;
  }
  if (!isThere(context, name) && mayBeFile(name)) {
    const parts = [name.catalog, name.schema, name.name].filter((part) => part !== null);
    return `There is no table "${parts.join('.')}", and files are not read by name`;
  }
  return null;
}

/** Whether a name leads into a file that stands beside others: views of ours, in memory, show what it holds. */
function isAttached({ catalog: { relations } }: GuardContext, { catalog, schema }: QualifiedName): boolean {
  const catalogs = new Set(relations.map((relation) => fold(relation.catalog)));
  const isOther = (part: string | null): boolean =>
    part !== null && fold(part) !== 'memory' && catalogs.has(fold(part));
  return catalogs.has('memory') && (isOther(catalog) || (catalog === null && isOther(schema)));
}

/** Whether a name means a table or view as the engine finds it: `a.t` is of the schema a, or of `main` in the database a. */
function isThere(context: GuardContext, name: QualifiedName): boolean {
  const { catalog, schema } = name;
  return relationsNamed(context, { ...name, schema: null }).some((relation) => {
    const isIn = (part: string | null): boolean => part === null || fold(relation.schema) === fold(part);
    const isOf = (part: string | null): boolean => part === null || fold(relation.catalog) === fold(part);
    return (isOf(catalog) && isIn(schema)) || (catalog === null && isOf(schema) && isIn('main'));
  });
}

/**
 * Whether the engine may look for what is no table among files and in other databases: it joins the parts of a name, so
 * that `"/a/b".csv` is the file `/a/b.csv`. A plain word without a dot is none.
 */
function mayBeFile({ catalog, schema, name }: QualifiedName): boolean {
  return catalog !== null || schema !== null || /[^\p{L}\p{M}\p{N}_$ -]/u.test(name);
}

/** Throws a Refusal where a change is of a view of the engine's own. */
export function refuseSystemTarget(context: GuardContext, target: QualifiedName): void {
  if (isSystem(context, target)) {
    throw new Refusal(`${target.name} is of the engine itself`);
  }
}

/** Whether a name may mean a view of the engine's own; those of `information_schema` are found by their schema alone. */
function isSystem({ catalog: { systemViews } }: GuardContext, { schema, name }: QualifiedName): boolean {
  const own = systemViews.get(fold(name)) ?? [];
  switch (schema === null ? null : fold(schema)) {
    case null:
      return own.some((found) => found !== 'information_schema');
    case 'information_schema':
    case 'pg_catalog':
      return true;
    case 'main':
    case 'system':
      return own.includes('main');
    default:
      return false;
  }
}

function refuseShowing({ hidden }: GuardContext, what: string): void {
  if (hidden.isActive) {
    throw new Refusal(`${what} could show hidden columns`);
  }
}
