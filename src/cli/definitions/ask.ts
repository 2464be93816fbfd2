import type { Command } from 'commander';
import type { Definition } from './definition.ts';
import { commonFlags, databaseFlags, modelFlags, rowFlags } from './flags.ts';

/** A flag that may be given several times, whose values may hold commas. */
const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

/** What is checked of an answer, and many questions at once. */
const askFlags = (command: Command): Command =>
  command
    .option(
      '--check <condition>',
      'exit with 1 unless it holds, such as "rows > 0 and value >= 100"',
      collect,
    )
    .option('--batch <file>', 'answer each question of a .txt, .csv or .jsonl file as a line of JSON')
    .option('-j, --jobs <number>', 'questions of a batch at once; 4 unless given');

/** `sqlq ask`: a question in plain words. */
export const defineAsk: Definition = (program, context, withFlags) => {
  const ask = program
    .command('ask')
    .description('turn a question into SQL, show it, and run it')
    .argument('[question...]', 'the question; "-" or none reads it from standard input');
  withFlags(ask, askFlags, databaseFlags, modelFlags, rowFlags, commonFlags);
  ask
    .addHelpText(
      'after',
      `
Examples:
  sqlq ask --db sample "which country has the most customers?"
  sqlq ask --db sample --yes --format json "number of customers by country" | jq .
  echo "how many orders were cancelled?" | sqlq ask --db sample --yes
  sqlq ask --db sample --yes --format html --output page.html "number of customers by country"
  sqlq ask --db sample --dry-run "customers without an order"
  sqlq ask --db sample --yes --check "value > 0" "how many orders are there?"
  sqlq ask --db sample --batch questions.txt --output answers.jsonl`,
    )
    .action(async (words: string[], options) =>
      context.finish(await (await import('../ask.ts')).askCommand(words, options, context)),
    );
};
