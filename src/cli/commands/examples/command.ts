import { defineCommand } from '../../command.ts';
import { edit } from './edit/command.ts';
import { exportExamples } from './export/command.ts';
import { importExamples } from './import/command.ts';
import { examplesOptions } from './options.ts';
import { remove } from './remove/command.ts';

/** `sqlq examples`: the questions whose SQL was called good. */
export const examples = defineCommand({
  name: 'examples',
  summary: 'list questions whose SQL you called good; the most similar go with a new question',
  options: examplesOptions,
  help: `Examples:
  sqlq examples --db sample
  sqlq examples export --format jsonl > examples.jsonl
  sqlq examples export --db sample --format modelfile >> Modelfile
  sqlq examples import --db sample examples.jsonl
  sqlq examples edit 3`,
  commands: [edit, remove, exportExamples, importExamples],
  load: () => import('./run.ts'),
});
