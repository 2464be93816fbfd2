import type { Command } from './command.ts';
import { cost } from './commands/cost.ts';
import { explain } from './commands/explain.ts';
import { bad, good } from './commands/feedback.ts';
import { chart, last } from './commands/last.ts';
import { exportRows, format } from './commands/output.ts';
import { save } from './commands/save.ts';
import { schema, tables } from './commands/schema.ts';
import { db, model, profile } from './commands/settings.ts';
import { sql } from './commands/sql.ts';
import { back, exit, fresh } from './commands/turns.ts';

const help: Command = {
  name: 'help',
  argument: '',
  summary: 'list the commands',
  async run({ terminal }) {
    const heads = commands.map(({ name, argument }) => `.${name} ${argument}`.trimEnd());
    const width = Math.max(...heads.map((head) => head.length));
    const lines = commands.map(({ summary }, index) => `${(heads[index] ?? '').padEnd(width)}  ${summary}`);
    await terminal.print(
      `A line is a question; what follows an answer may build on it ("only in 2024", "and their emails?").
A line that begins as SQL is run as it is. A number rejects that assumption and asks again.
A backslash at the end, or Alt-Enter, goes on in the next line; Tab completes; Ctrl-R searches earlier lines.

${lines.join('\n')}\n`,
    );
  },
};

/** The commands, in the order of the help. */
export const commands: readonly Command[] = [
  sql,
  explain,
  back,
  fresh,
  last,
  chart,
  good,
  bad,
  save,
  format,
  exportRows,
  tables,
  schema,
  db,
  profile,
  model,
  cost,
  help,
  exit,
];
