import type { HidePatterns } from '../../../pattern.ts';
import type { CatalogRelation } from '../catalog.ts';
import type { Findings, QualifiedName, Source } from '../walk/findings.ts';
import type { HiddenColumns } from './columns.ts';

/**
 * Why a statement would read a hidden column; null where it can't. Names are compared wherever they stand in the
 * statement, without asking which scope they are of: what might be the column is refused.
 */
export function hiddenRead(
  relations: readonly CatalogRelation[],
  hiddenColumns: HiddenColumns,
  findings: Findings,
): string | null {
  const tablesOf = ({ schema, name }: QualifiedName) =>
    relations.filter((table) => table.name === name && (schema === null || table.schema === schema));
  for (const named of findings.relations) {
    for (const table of tablesOf(named)) {
      if (hiddenColumns.isTainted(table.id)) {
        return `the view ${table.name} reads a column that is hidden`;
      }
    }
  }

  const hiddenIn = (source: Source): ReadonlySet<string> => {
    const tables = source.relation === null ? [] : tablesOf(source.relation);
    return new Set([
      ...tables.flatMap((table) => [...hiddenColumns.columnsOf(table.id)]),
      ...source.joins.flatMap((joined) => [...hiddenIn(joined)]),
    ]);
  };
  const holding = findings.sources.filter((source) => hiddenIn(source).size > 0);
  if (holding.length === 0) {
    return null;
  }
  const hiddenNames = new Set(holding.flatMap((source) => [...hiddenIn(source)]));
  const ofAlias = (alias: string) => holding.filter((source) => source.alias === alias);
  const known = (alias: string, column: string) =>
    ofAlias(alias).every(
      ({ relation }) =>
        relation !== null && tablesOf(relation).every((table) => table.columns.includes(column)),
    );

  const renamed = holding.find((source) => source.renamed);
  if (renamed !== undefined) {
    return `${renamed.alias} gives other names to columns, some of which are hidden`;
  }
  if (findings.naturalJoins.some((joined) => joined.some((source) => hiddenIn(source).size > 0))) {
    return 'a NATURAL JOIN compares columns, some of which are hidden';
  }
  const compared = findings.usingColumns.find((column) => hiddenNames.has(column));
  if (compared !== undefined) {
    return `${compared} is hidden`;
  }

  for (const { names, star, sources } of findings.references) {
    const [last, qualifier] = [names.at(-1) ?? '', names.at(-2)];
    if (star) {
      const whole = names.length === 0 ? sources : ofAlias(last);
      if (whole.some((source) => hiddenIn(source).size > 0)) {
        return `${[...names, '*'].join('.')} holds a column that is hidden; name the columns that are needed`;
      }
    } else if (qualifier === undefined) {
      if (hiddenNames.has(last)) {
        return `${last} is hidden`;
      }
      if (ofAlias(last).length > 0) {
        return `the whole row ${last} holds a column that is hidden; name the columns that are needed`;
      }
    } else if (ofAlias(qualifier).length > 0 && (hiddenNames.has(last) || !known(qualifier, last))) {
      return `${qualifier}.${last} is hidden`;
    }
  }
  return null;
}

/** Why a statement that redefines these relations, or a schema where there are none, would undo what is hidden. */
export function hiddenRedefinition(
  relations: readonly CatalogRelation[],
  hiddenColumns: HiddenColumns,
  { isActive }: HidePatterns,
): string | null {
  if (isActive && relations.length === 0) {
    return 'columns are hidden by names that would change';
  }
  const holding = relations.find(({ id }) => hiddenColumns.columnsOf(id).size > 0);
  return holding === undefined
    ? null
    : `${holding.name} holds a column that is hidden, so it is not redefined`;
}
