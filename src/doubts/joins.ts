import type { Scope, Source } from './scope.ts';
import { resolve, sourcesIn } from './scope.ts';
import { conjunctsOf, type Node, nodeIn, textIn } from './sql-tree.ts';

/** An equality between columns of two tables of a FROM. */
interface Edge {
  readonly a: Source;
  readonly b: Source;
  readonly aColumn: string;
  readonly bColumn: string;
}

/** The equalities by which the tables of a FROM are joined, in ON, USING and WHERE. */
function edgesOf(scope: Scope): readonly Edge[] {
  const edges: Edge[] = [];
  const conditions = [
    ...scope.sources.flatMap(({ on }) => conjunctsOf(on)),
    ...conjunctsOf(nodeIn(scope.select, 'where')),
  ];
  for (const condition of conditions) {
    if (!['=', '=='].includes(textIn(condition, 'operator') ?? '')) {
      continue;
    }
    const [left, right] = [nodeIn(condition, 'left'), nodeIn(condition, 'right')];
    const a = left === null ? null : resolve(left, scope);
    const b = right === null ? null : resolve(right, scope);
    if (a === null || b === null || a.source === b.source || a.scope !== scope || b.scope !== scope) {
      continue;
    }
    edges.push({ a: a.source, b: b.source, aColumn: a.column.name, bColumn: b.column.name });
  }
  for (const [index, source] of scope.sources.entries()) {
    for (const name of source.using) {
      const other = scope.sources
        .slice(0, index)
        .findLast(({ table }) =>
          table?.columns.some((column) => column.name.toLowerCase() === name.toLowerCase()),
        );
      if (other !== undefined) {
        edges.push({ a: other, b: source, aColumn: name, bColumn: name });
      }
    }
  }
  return edges;
}

/** The tables of a FROM that may join several rows to one of these; by their declared keys. */
export function repeating(scope: Scope, from: ReadonlySet<Source>): readonly Source[] {
  const edges = edgesOf(scope);
  const reached = new Set(from);
  const found: Source[] = [];
  for (;;) {
    const waiting = scope.sources.filter((source) => !reached.has(source));
    if (waiting.length === 0) {
      return found;
    }
    const columnsTo = (source: Source): readonly string[] =>
      edges.flatMap(({ a, b, aColumn, bColumn }) =>
        a === source && reached.has(b) ? [aColumn] : b === source && reached.has(a) ? [bColumn] : [],
      );
    // Those that a key leads to come first: they never repeat, whatever else is joined later.
    const next =
      waiting.find((source) => isKey(source, columnsTo(source))) ??
      waiting.find((source) => columnsTo(source).length > 0) ??
      waiting[0];
    if (next === undefined) {
      return found;
    }
    if (!isKey(next, columnsTo(next))) {
      found.push(next);
    }
    reached.add(next);
  }
}

/** Whether columns hold a key of a table, so that one row at most has given values of them. */
function isKey({ table }: Source, columns: readonly string[]): boolean {
  if (table === null || columns.length === 0) {
    return false;
  }
  const have = new Set(columns.map((name) => name.toLowerCase()));
  return [table.primaryKey, ...table.uniqueKeys].some(
    (key) => key.length > 0 && key.every((name) => have.has(name.toLowerCase())),
  );
}

/** Whether no equality joins a table to another. */
export function isUnjoined(scope: Scope, source: Source): boolean {
  return source.on === null && !edgesOf(scope).some(({ a, b }) => a === source || b === source);
}

/** Whether a source is named nowhere in a SELECT but in the condition that joins it. */
export function isOnlyJoined(scope: Scope, source: Source): boolean {
  const parts: Node[] = scope.sources.flatMap((other) =>
    other === source || other.on === null ? [] : [other.on],
  );
  for (const [field, value] of Object.entries(scope.select)) {
    if (['from', 'with', '_next', 'limit'].includes(field)) {
      continue;
    }
    parts.push({ value });
  }
  return (
    source.node !== scope.sources[0]?.node &&
    parts.every((part) => !sourcesIn(part, scope).has(source)) &&
    !JSON.stringify(scope.select['columns']).includes('"*"},"as"')
  );
}
