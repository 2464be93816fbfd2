import type { Definition } from './definition.ts';
import { commonFlags, databaseFlags, modelFlags, rowFlags } from './flags.ts';

/** `sqlq ask`: a question in plain words. */
export const defineAsk: Definition = (program, context, withFlags) => {
  const ask = program
    .command('ask')
    .description('turn a question into SQL, show it, and run it')
    .argument('[question...]', 'the question; "-" or none reads it from standard input');
  withFlags(ask, databaseFlags, modelFlags, rowFlags, commonFlags);
  ask
    .addHelpText(
      'after',
      `
Examples:
  sqlq ask --db sample "which products are out of stock?"
  sqlq ask --db sample --yes --format json "revenue by country" | jq .
  echo "how many orders were cancelled?" | sqlq ask --db sample --yes
  sqlq ask --db sample --dry-run "customers without an order"`,
    )
    .action(async (words: string[], options) =>
      context.finish(await (await import('../ask.ts')).askCommand(words, options, context)),
    );
};
