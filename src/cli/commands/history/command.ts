import { defineCommand } from '../../command.ts';
import { forget } from './forget/command.ts';
import { listOptions } from './options.ts';
import { rerun } from './run/command.ts';
import { search } from './search/command.ts';
import { show } from './show/command.ts';

/** `sqlq history`: earlier questions with their SQL. */
export const history = defineCommand({
  name: 'history',
  summary: 'list earlier questions with their SQL; rows are never kept',
  options: listOptions,
  help: `Examples:
  sqlq history
  sqlq history search revenue country
  sqlq history run 12 --format json
  sqlq history forget 12

Before a question stands + or - where you called its answer good or bad, ~ after a dry run, ! where it failed.`,
  commands: [search, show, rerun, forget],
  load: () => import('./run.ts'),
});
