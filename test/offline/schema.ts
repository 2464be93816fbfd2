import type { Engine } from '../../src/database/engines.ts';
import type { Schema, Table } from '../../src/schema/schema.ts';

/** A made-up schema from a short text: `table: column type, …` a line; `>` before a table's name makes a foreign key. */
export function schemaOf(engine: Engine, text: string): Schema {
  const place = engine === 'sqlite' ? 'main' : engine === 'postgres' ? 'public' : 'test';
  const tables: Table[] = text
    .trim()
    .split('\n')
    .map((line) => {
      const [name = '', list = ''] = line.split(':').map((part) => part.trim());
      const parts = list.split(',').map((part) => part.trim().split(/\s+/));
      return {
        schema: place,
        name,
        kind: 'table',
        comment: null,
        rowEstimate: null,
        columns: parts.map(([column = '', type = 'text']) => ({
          name: column,
          type,
          nullable: true,
          default: null,
          identity: false,
          generated: null,
          comment: null,
          values: null,
        })),
        primaryKey: parts.slice(0, 1).map(([column = '']) => column),
        uniqueKeys: [],
        foreignKeys: parts.flatMap(([column = '', , reference]) => {
          const [table = '', target = ''] =
            reference?.startsWith('>') === true ? reference.slice(1).split('.') : [];
          return table === ''
            ? []
            : [{ columns: [column], references: { schema: place, table, columns: [target] } }];
        }),
        checks: [],
        traits: [],
      };
    });
  return {
    dialect: { engine, product: engine, version: '1' },
    database: 'test',
    searchPath: [place],
    tables,
  };
}
