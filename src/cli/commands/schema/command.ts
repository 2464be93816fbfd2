import { defineCommand } from '../../command.ts';
import { schemaOptions } from './options.ts';

/** `sqlq schema`: what a model would be told. */
export const schema = defineCommand({
  name: 'schema',
  summary: 'print what a model would be told of the database',
  options: schemaOptions,
  help: `Examples:
  sqlq schema --db sample
  sqlq schema --db sample --json | jq '.tables[].name'
  sqlq schema --db sample --sent --question "revenue by country"`,
  opensDatabase: true,
  load: () => import('./run.ts'),
});
