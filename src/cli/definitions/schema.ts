import type { Definition } from './definition.ts';
import { commonFlags, databaseFlags, modelFlags } from './flags.ts';

/** `sqlq schema`: what a model would be told. */
export const defineSchema: Definition = (program, context, withFlags) => {
  const schema = program
    .command('schema')
    .description('print what a model would be told of the database')
    .option('--json', 'print the whole schema as JSON')
    .option('--question <question>', 'cut it to a question, as "ask" would')
    .option('--sent', 'print the whole request of a question, byte for byte, and the host it would go to');
  withFlags(schema, databaseFlags, modelFlags, commonFlags);
  schema
    .addHelpText(
      'after',
      `
Examples:
  sqlq schema --db sample
  sqlq schema --db sample --json | jq '.tables[].name'
  sqlq schema --db sample --sent --question "revenue by country"`,
    )
    .action(async (options) =>
      context.finish(await (await import('../schema.ts')).schemaCommand(options, context)),
    );
};
