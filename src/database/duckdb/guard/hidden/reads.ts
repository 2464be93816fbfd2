import type { Catalog, Relation } from '../catalog.ts';
import { fold, type QualifiedName } from '../syntax/names.ts';
import type { Findings, Source } from '../walk/findings.ts';
import type { HiddenColumns } from './hidden-columns.ts';

/**
 * Why a statement would read a hidden column; null where it can't. Names are compared wherever they stand in the
 * statement, without asking which scope they are of: what might be the column is refused.
 */
export function hiddenRead(
  findings: Findings,
  columns: HiddenColumns,
  named: (name: QualifiedName) => readonly Relation[],
  { functions, macros }: Catalog,
): string | null {
  const relations = findings.relations.flatMap(named);
  const tainted = relations.find((relation) => columns.isTainted(relation));
  if (tainted !== undefined) {
    return `the view ${tainted.name} reads a column that is hidden`;
  }
  const enumeration = enumProblem(findings, columns);
  if (enumeration !== null) {
    return enumeration;
  }
  const holders = relations.filter((relation) => columns.of(relation).size > 0);
  if (holders.length === 0) {
    return null;
  }
  if (macros.some(({ name }) => functions.has(fold(name)))) {
    return 'a macro has the name of a function, and its defaults could show hidden columns';
  }
  const hidden = new Set(holders.flatMap((relation) => [...columns.of(relation)]));
  const hiddenIn = ({ relation }: Source): readonly string[] =>
    relation === null ? [] : named(relation).flatMap((found) => [...columns.of(found)]);
  const holding = findings.sources.filter((source) => hiddenIn(source).length > 0);
  // A whole row is named by its table, whichever alias that has elsewhere.
  const rows = new Set([
    ...holders.map(({ name }) => fold(name)),
    ...holding.map(({ alias }) => fold(alias ?? '')),
  ]);
  return (
    renamedProblem(holding) ??
    referenceProblem(findings, hidden, rows) ??
    unnamedProblem(findings, holding, hiddenIn)
  );
}

function renamedProblem(holding: readonly Source[]): string | null {
  const renamed = holding.find((source) => source.renamed);
  return renamed === undefined
    ? null
    : `${renamed.alias} gives other names to columns, some of which are hidden`;
}

/** Functions that read a text as the type that another text names. */
const typesInTexts = /^(?:json_transform(?:_strict)?|from_json(?:_strict)?)$/;

/** The type of a column of ENUM knows all of its values, and tells whether a text is one of them. */
function enumProblem({ calls, types }: Findings, { enums }: HiddenColumns): string | null {
  const named = types.find((name) => enums.get(fold(name))?.isHidden === true);
  if (named !== undefined) {
    return `the type ${named} tells the values of a hidden column`;
  }
  const isAny = [...enums.values()].some(({ isHidden }) => isHidden);
  const call = isAny ? calls.find(({ name }) => typesInTexts.test(fold(name))) : undefined;
  return call === undefined ? null : `${call.name} may name a type that tells the values of a hidden column`;
}

function referenceProblem(
  { references }: Findings,
  hidden: ReadonlySet<string>,
  rows: ReadonlySet<string>,
): string | null {
  for (const names of references) {
    const read = names.find((name) => hidden.has(fold(name)));
    if (read !== undefined) {
      return `${names.join('.')} is hidden`;
    }
    const last = names.at(-1) ?? '';
    if (rows.has(fold(last))) {
      return `the whole row ${names.join('.')} holds a column that is hidden; name the columns that are needed`;
    }
  }
  return null;
}

function unnamedProblem(
  { unnamed }: Findings,
  holding: readonly Source[],
  hiddenIn: (source: Source) => readonly string[],
): string | null {
  for (const { words, sources, alias, excluded } of unnamed) {
    const left = new Set(excluded.map(fold));
    const meant =
      alias === null ? sources : holding.filter((source) => fold(source.alias ?? '') === fold(alias));
    if (meant.some((source) => hiddenIn(source).some((column) => !left.has(column)))) {
      return `${words} holds a column that is hidden; name the columns that are needed`;
    }
  }
  return null;
}
