import type { Definition } from './definition.ts';
import { commonFlags } from './flags.ts';

/** `sqlq good`: an answer was right. */
export const defineGood: Definition = (program, context, withFlags) => {
  withFlags(
    program
      .command('good')
      .description('call an answer good: it becomes an example for questions like it')
      .argument('[number]', 'its number in sqlq history; the last one unless given')
      .addHelpText('after', '\nExamples:\n  sqlq good\n  sqlq good 12'),
    commonFlags,
  ).action(async (id: string | undefined, options) =>
    context.finish(await (await import('../judge.ts')).goodCommand(id, options, context)),
  );
};

/** `sqlq bad`: an answer was wrong. */
export const defineBad: Definition = (program, context, withFlags) => {
  withFlags(
    program
      .command('bad')
      .description('call an answer bad; with --sql its correction becomes an example')
      .argument('[number]', 'its number in sqlq history; the last one unless given')
      .option('--sql <sql>', 'the SQL that would have been right')
      .addHelpText(
        'after',
        '\nExamples:\n  sqlq bad\n  sqlq bad 12 --sql "SELECT count(*) FROM customers WHERE country = \'Norway\'"',
      ),
    commonFlags,
  ).action(async (id: string | undefined, options) =>
    context.finish(await (await import('../judge.ts')).badCommand(id, options, context)),
  );
};
