import { ask } from '../../../ask/ask.ts';
import { runSql } from '../../../ask/run.ts';
import { isOf } from '../../../database/target.ts';
import { type ExitCode, SqlqError } from '../../../errors.ts';
import { boundValues, flagOf, type SavedParameter } from '../../../memory/parameters.ts';
import { changesSince, type SavedQuestion } from '../../../memory/saved.ts';
import { nearest } from '../../../schema/nearest.ts';
import { cancelled } from '../../../terminal/prompt.ts';
import type { CommandContext } from '../../context.ts';
import { askContext, claimOutput, runContext } from '../../run/ask-context.ts';
import { type OpenedDatabase, openConfigured, readSchema } from '../../run/database.ts';
import { type Setup, withSetup } from '../../run/setup.ts';
import type { RunOptions } from './options.ts';

/** `sqlq run NAME`: a saved question with the values of the command line, without a model. */
export function runSaved(
  name: string,
  { path, saved }: { readonly path: string; readonly saved: SavedQuestion },
  words: readonly string[],
  options: RunOptions,
  context: CommandContext,
): Promise<ExitCode> {
  return withSetup(options, context, async (setup) => {
    await context.files.reads([path]);
    const values = readValues(name, saved.parameters, words);
    const parameters = boundValues(saved.parameters, values);
    const database = await openConfigured(setup, context, 'read');
    try {
      if (!isOf(database.target, saved.engine)) {
        throw new SqlqError(
          'usage',
          `${path} is for ${saved.engine}, and this database is of ${database.target.engine}.`,
          { hint: 'Name the right database with --db, or ask the question anew there and save that.' },
        );
      }
      setup.report.data.question = saved.question;
      await claimOutput(setup, context, runContext(setup, context, database, options), options);
      if (await isAskedAnew(name, saved, setup, context, database)) {
        await ask(await askContext(setup, context, database, options), saved.question);
        setup.terminal.note(`Keep this answer instead with: sqlq save ${name} --force`);
      } else {
        const run = { ...runContext(setup, context, database, options), access: 'read' as const };
        await runSql(run, saved.sql, parameters);
      }
    } finally {
      await database.client.close();
    }
    return undefined;
  });
}

/** Says what has changed since the question was saved, and whether the user wants it asked anew. */
async function isAskedAnew(
  name: string,
  { reads, question }: SavedQuestion,
  setup: Setup,
  context: CommandContext,
  database: OpenedDatabase,
): Promise<boolean> {
  const { terminal, prompts } = setup;
  const schema = await readSchema(database, setup, context.signal, false);
  const changes = changesSince(reads, schema);
  if (changes.length === 0) {
    return false;
  }
  const text = `The schema has changed since ${name} was saved: ${changes.map((change) => change.text).join(', ')}.`;
  if (!terminal.interactive) {
    const hint = `Ask anew and save that: sqlq ask ${JSON.stringify(question)}, then sqlq save ${name} --force`;
    if (changes.some(({ isGone }) => isGone)) {
      throw new SqlqError('usage', text, { hint });
    }
    terminal.warn(terminal.style('yellow', terminal.escape(`${text} It is run all the same.`)));
    return false;
  }
  terminal.warn(terminal.style('yellow', terminal.escape(text)));
  const choice = await prompts.select<'ask' | 'run' | 'cancel'>('What now?', [
    { label: 'Ask the question anew', value: 'ask' },
    { label: 'Run it as it is', value: 'run' },
    { label: 'Cancel', value: 'cancel' },
  ]);
  if (choice === 'cancel') {
    throw cancelled();
  }
  return choice === 'ask';
}

/** The values that the command line gives: `--year 2025`, `--year=2025`. Throws a SqlqError `usage`. */
function readValues(
  name: string,
  parameters: readonly SavedParameter[],
  words: readonly string[],
): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  const fail = (message: string): never => {
    throw new SqlqError('usage', message, { hint: describe(name, parameters) });
  };
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    const [, flag, given] = /^--([^=]+)(?:=([\s\S]*))?$/u.exec(word) ?? [];
    if (flag === undefined) {
      return fail(`"${word}" stands alone: a value follows its parameter's name.`);
    }
    const parameter = parameters.find((candidate) => candidate.name === flag.replaceAll('-', '_'));
    if (parameter === undefined) {
      const near = nearest(
        flag,
        parameters.map((candidate) => flagOf(candidate.name)),
      );
      return fail(`${name} has no parameter --${flag}.${near === null ? '' : ` Did you mean --${near}?`}`);
    }
    if (given === undefined) {
      index += 1;
    }
    values.set(parameter.name, given ?? words[index] ?? fail(`--${flag} has no value.`));
  }
  const missing = parameters.filter((parameter) => parameter.default === null && !values.has(parameter.name));
  if (missing.length > 0) {
    fail(`${name} needs ${missing.map((parameter) => `--${flagOf(parameter.name)}`).join(' and ')}.`);
  }
  return values;
}

function describe(name: string, parameters: readonly SavedParameter[]): string {
  if (parameters.length === 0) {
    return `${name} has no parameters.`;
  }
  const lines = parameters.map(
    (parameter) =>
      `  --${flagOf(parameter.name)}  ${parameter.type}${parameter.default === null ? ', to be given' : `, ${parameter.default} unless given`}`,
  );
  return `The parameters of ${name}:\n${lines.join('\n')}`;
}
