import type { IndexedColumn, IndexedTable, Link } from './schema-index.ts';

/**
 * Keys that nobody declared, from names alone: a column called as another table's single-column key (`artist_id` and
 * `artist.artist_id`), or as that table and its key together (`artist_id` and `artist.id`), perhaps with a word before
 * that tells its part (`start_station_id`). A table pair with a declared key gets none. In a schema without any key,
 * tables are joined by a column of the same name.
 */
export function inferredLinks(
  tables: readonly IndexedTable[],
  columns: readonly IndexedColumn[],
  declared: readonly Link[],
): Link[] {
  const joined = new Set(declared.map((link) => `${link.from} ${link.to}`));
  // A key to its own table that is named as another table's is taken for a slip.
  const referring = new Set(declared.flatMap((link) => (link.from === link.to ? [] : link.left)));
  const targets = keysByName(tables, columns);
  const links: Link[] = [];
  for (const column of columns) {
    if (referring.has(column.id)) {
      continue;
    }
    for (const { target, role } of targetsOf(column, targets)) {
      const other = columns[target];
      if (other === undefined || other.table === column.table || !comparable(column, other)) {
        continue;
      }
      if (column.primary && (tables[column.table]?.primaryKey.length ?? 0) === 1 && column.id > other.id) {
        continue;
      }
      const pair = `${column.table} ${other.table}`;
      const roles = role && links.some((link) => link.from === column.table && link.to === other.table);
      if (!roles && (joined.has(pair) || joined.has(`${other.table} ${column.table}`))) {
        continue;
      }
      joined.add(pair);
      links.push(linkOf(column, other));
    }
  }
  return declared.length + links.length > 0 ? links : sharedColumns(tables, columns);
}

const linkOf = (column: IndexedColumn, other: IndexedColumn): Link => ({
  from: column.table,
  to: other.table,
  left: [column.id],
  right: [other.id],
  declared: false,
});

const comparable = (a: IndexedColumn, b: IndexedColumn): boolean =>
  a.class === b.class || a.class === 'other' || b.class === 'other';

/** Single-column keys by the words that a column which refers to them may have. */
function keysByName(
  tables: readonly IndexedTable[],
  columns: readonly IndexedColumn[],
): ReadonlyMap<string, readonly number[]> {
  const targets = new Map<string, number[]>();
  const add = (key: string, column: number): void => {
    const found = targets.get(key);
    if (found === undefined) {
      targets.set(key, [column]);
    } else if (!found.includes(column)) {
      found.push(column);
    }
  };
  for (const table of tables) {
    const keys = table.primaryKey.length > 0 ? table.primaryKey.slice(0, 1) : table.columns.slice(0, 1);
    if (table.primaryKey.length > 1) {
      continue;
    }
    for (const key of keys) {
      const column = columns[key];
      if (
        column === undefined ||
        (column.foreign && !column.primary) ||
        !/\bid|code|key|number|\bname\b/.test(column.words.join(' '))
      ) {
        continue;
      }
      if (column.words.length > 1) {
        add(column.words.join(' '), key);
      }
      add([...table.words, ...column.words.filter((word) => !table.words.includes(word))].join(' '), key);
    }
  }
  return targets;
}

function targetsOf(
  column: IndexedColumn,
  targets: ReadonlyMap<string, readonly number[]>,
): { readonly target: number; readonly role: boolean }[] {
  const whole = targets.get(column.words.join(' '));
  if (whole !== undefined) {
    return whole.map((target) => ({ target, role: false }));
  }
  for (let cut = 1; cut <= column.words.length - 2; cut++) {
    const rest = column.words.slice(cut).join(' ');
    // A name may repeat for what it names; an id does not.
    if (/\bname$/.test(rest)) {
      continue;
    }
    const found = targets.get(rest);
    if (found !== undefined) {
      return found.map((target) => ({ target, role: true }));
    }
  }
  return [];
}

/** Words of columns that many tables have and that mean something else in each. */
const common = new Set(
  'id name title type code date time year month day description detail status state city country address email phone note comment value number count amount price total quantity rank order position age sex gender first last other start end from to by create update is'.split(
    ' ',
  ),
);

/** Joins of tables by the one column whose telling name they share. */
function sharedColumns(tables: readonly IndexedTable[], columns: readonly IndexedColumn[]): Link[] {
  const found: Link[] = [];
  for (const column of columns) {
    if (column.words.every((word) => common.has(word))) {
      continue;
    }
    const others = columns.filter(
      (other) => other.table !== column.table && other.name.toLowerCase() === column.name.toLowerCase(),
    );
    const [other] = others;
    if (others.length !== 1 || other === undefined || other.table < column.table) {
      continue;
    }
    const joined = found.some((link) => link.from === column.table && link.to === other.table);
    if (!joined && comparable(column, other) && tables.length > 1) {
      found.push(linkOf(column, other));
    }
  }
  return found;
}
