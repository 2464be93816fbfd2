import { dialectOf } from '../../database/engines.ts';
import { SqlqError } from '../../errors.ts';
import { describeSchema } from '../../schema/describe.ts';
import { writeTable } from '../../schema/identifier.ts';
import type { Schema, Table } from '../../schema/schema.ts';
import type { Command } from '../command.ts';

export const tables: Command = {
  name: 'tables',
  argument: '',
  summary: 'list the tables and views',
  async run(session, _argument, signal) {
    const { terminal } = session;
    const found = await session.workspace.readSchema(signal);
    const lines = found.tables.map(
      (table) =>
        `${writeTable(dialectOf(found.dialect.engine), found, table)}${table.kind === 'table' ? '' : `  (${table.kind})`}`,
    );
    await terminal.print(`${lines.map((line) => terminal.escape(line)).join('\n')}\n`);
  },
};

export const schema: Command = {
  name: 'schema',
  argument: '[TABLE]',
  summary: 'show the tables with their columns and keys, or one of them',
  completes: 'tables',
  async run(session, argument, signal) {
    const { terminal } = session;
    const found = await session.workspace.readSchema(signal);
    const shown = argument === '' ? found : { ...found, tables: named(found, argument) };
    const text = describeSchema(shown, dialectOf(shown.dialect.engine), { comments: true, defaults: true });
    await terminal.print(`${terminal.escape(text)}\n`);
  },
};

/** Tables of a name, with or without its schema, in any case and quotes. */
function named(schema: Schema, name: string): readonly Table[] {
  const wanted = name.replace(/["`[\];]/gu, '').toLowerCase();
  const matching = schema.tables.filter(
    (table) =>
      table.name.toLowerCase() === wanted || `${table.schema}.${table.name}`.toLowerCase() === wanted,
  );
  if (matching.length > 0) {
    return matching;
  }
  throw new SqlqError('usage', `There is no table "${name}".`, { hint: 'List them with .tables' });
}
