import { labelsOf } from './names.ts';
import type { Context, Reading } from './reading.ts';

/** What tells apart the rows that a row of keys alone ties together: an actor and a play of a part. */
export function tiedBy(
  { analysis, table }: Context,
  { shown, within, groups }: Reading,
): readonly { readonly to: number; readonly labels: readonly number[] }[] {
  const links = analysis.schemaIndex.links.filter(
    ({ from, to, left }) => from === table.id && to !== from && left.length === 1,
  );
  const isTied =
    table.primaryKey.length > 1 && table.primaryKey.every((id) => links.some(({ left }) => left[0] === id));
  return !isTied || shown.length > 0 || within !== null || groups.length > 0
    ? []
    : links.map(({ to }) => {
        const target = analysis.schemaIndex.tables[to];
        return { to, labels: target === undefined ? [] : labelsOf(analysis, target) };
      });
}
