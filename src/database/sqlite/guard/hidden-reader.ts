import type { Connection } from '../session.ts';
import { programOf } from './program.ts';
import type { Relation } from './schema-copy.ts';
import { fold } from './token.ts';

/** The first table of which a statement reads a hidden column, or null; throws where it does not prepare. */
export type HiddenReader = (statement: string) => string | null;

/** Instructions that read a table's rowid or look it up. */
const byRowid = /^(Rowid|NotExists|Seek(Rowid|GE|GT|LE|LT))$/;

/** Of a copy whose tables have no keys and no indexes, so that every read of a column is told by the bytecode. */
export function hiddenReader(
  whole: Connection,
  relations: readonly Relation[],
  hidden: ReadonlyMap<string, ReadonlySet<string>>,
): HiddenReader {
  const pages = new Map(
    whole
      .prepare<[], { rootpage: number; name: string }>(
        "SELECT rootpage, name FROM main.sqlite_master WHERE type = 'table'",
      )
      .all()
      .map(({ rootpage, name }) => [rootpage, relations.find((relation) => relation.name === name)]),
  );
  return (statement) => {
    const cursors = new Map<number, Relation[]>();
    const program = programOf(whole, statement);
    // A write reads the rest of its own rows, to write it again; what it names of them stands in its text.
    const written = new Set(program.filter(({ opcode }) => opcode === 'OpenWrite').map(({ p1 }) => p1));
    for (const { opcode, p1, p2 } of program) {
      const relation = opcode === 'OpenRead' && !written.has(p1) ? pages.get(p2) : undefined;
      if (relation !== undefined) {
        cursors.set(p1, [...(cursors.get(p1) ?? []), relation]);
      }
    }
    for (const { opcode, p1, p2 } of program) {
      for (const relation of cursors.get(p1) ?? []) {
        const own = hidden.get(fold(relation.name));
        const column =
          opcode === 'Column' ? relation.columns[p2] : byRowid.test(opcode) ? relation.rowid : undefined;
        if (opcode === 'RowData' && own !== undefined && own.size > 0) {
          return relation.name;
        }
        if (column != null && own?.has(fold(column))) {
          return relation.name;
        }
      }
    }
    return null;
  };
}

/** Whether a view's column is made of a hidden one; one that can't be told is. */
export function reads(reader: HiddenReader, statement: string): boolean {
  try {
    return reader(statement) !== null;
  } catch {
    return true;
  }
}
