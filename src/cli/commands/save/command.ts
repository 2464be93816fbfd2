import { defineCommand } from '../../command.ts';
import { saveOptions } from './options.ts';

/** `sqlq save`: an answer as a file. */
export const save = defineCommand({
  name: 'save',
  summary: 'save an answer as .sqlq/NAME.sql, its values as parameters',
  argument: { words: '<name>', description: 'its name, for sqlq run' },
  options: saveOptions,
  help: 'Examples:\n  sqlq save revenue\n  sqlq save revenue --from 12\n  sqlq run revenue --year 2025',
  opensDatabase: true,
  load: () => import('./run.ts'),
});
