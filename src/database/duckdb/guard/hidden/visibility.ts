import type { Relation } from '../catalog.ts';
import { type GuardContext, Refusal } from '../context.ts';
import { type Definition, definitionOf } from '../expand.ts';
import { fold } from '../syntax/names.ts';
import { findHiddenColumns } from './columns.ts';

/** Whether a column may be shown: not hidden itself, not made of a hidden one, and of no view that reads one. */
export type Visibility = (schema: string, table: string, column: string) => boolean;

/** What a description of the databases may tell. */
export async function visibilityOf(context: GuardContext): Promise<Visibility> {
  if (!context.hidden.isActive) {
    return () => true;
  }
  const { relations } = context.catalog;
  const definitions: Definition[] = [];
  const unreadable: Relation[] = [];
  for (const relation of relations) {
    try {
      definitions.push(await definitionOf(context, relation));
    } catch (error) {
      if (!(error instanceof Refusal)) {
        throw error;
      }
      unreadable.push(relation);
    }
  }
  const columns = await findHiddenColumns(context, definitions, unreadable);
  const byName = Map.groupBy(relations, ({ schema, name }) => JSON.stringify([schema, name]));
  return (schema, table, column) =>
    (byName.get(JSON.stringify([schema, table])) ?? []).every(
      (relation) => !columns.isTainted(relation) && !columns.of(relation).has(fold(column)),
    );
}
