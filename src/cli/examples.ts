import { readFile } from 'node:fs/promises';
import { configuredDatabase } from '../config/database.ts';
import { variable } from '../config/environment.ts';
import { createRedactor } from '../config/redact.ts';
import { describeTarget } from '../database/target.ts';
import { type ExitCode, messageOf, SqlqError } from '../errors.ts';
import { keepExample, listExamples, readExample, removeExample } from '../memory/examples.ts';
import { exchangeFormats, readPair, readPairs, writePair, writePairs } from '../memory/exchange.ts';
import { editText } from '../terminal/editor.ts';
import type { CommandContext } from './context.ts';
import { sampleFile } from './database.ts';
import { numberOf } from './history.ts';
import { memoryOf } from './memory.ts';
import type { ExamplesOptions } from './options.ts';
import { readAll } from './question.ts';
import { type Setup, withSetup } from './setup.ts';

/** `sqlq examples`: those of one database, or of all of them. */
export function examplesCommand(options: ExamplesOptions, context: CommandContext): Promise<ExitCode> {
  return withSetup(withoutFormat(options), context, async (setup) => {
    const { terminal } = setup;
    const place = options.db === undefined ? null : await placeOf(setup, context);
    const examples = listExamples(await memoryOf(setup), place);
    if (options.json === true) await terminal.print(`${JSON.stringify(examples, null, 2)}\n`);
    else {
      const lines = examples.flatMap(({ id, place: where, question, sql }) => [
        `-- ${id}. ${question.replace(/\s+/gu, ' ')}  (${where})`,
        ...sql.split('\n'),
        '',
      ]);
      await terminal.print(lines.map((line) => `${terminal.escape(line)}\n`).join(''));
    }
    if (examples.length === 0)
      terminal.note('There are no examples yet: sqlq good makes one of the last answer.');
    return undefined;
  });
}

/** `sqlq examples edit`: in the user's editor. */
export function editExampleCommand(
  id: string,
  options: ExamplesOptions,
  context: CommandContext,
): Promise<ExitCode> {
  return withSetup(withoutFormat(options), context, async (setup) => {
    const store = await memoryOf(setup);
    const example = readExample(store, numberOf(id, 'The number of an example'));
    const { environment } = context;
    const editor = variable(environment, 'VISUAL') ?? variable(environment, 'EDITOR') ?? 'vi';
    const edited = readPair(await editText(editor, writePair(example), environment));
    removeExample(store, example.id);
    const kept = keepExample(store, { place: example.place, ...edited, source: 'user' }, context.now());
    setup.terminal.note(`Kept as example ${kept}.`);
    return undefined;
  });
}

/** `sqlq examples remove`. */
export function removeExampleCommand(
  id: string,
  options: ExamplesOptions,
  context: CommandContext,
): Promise<ExitCode> {
  return withSetup(withoutFormat(options), context, async (setup) => {
    removeExample(await memoryOf(setup), numberOf(id, 'The number of an example'));
    setup.terminal.note('Removed.');
    return undefined;
  });
}

/** `sqlq examples export`: for fine-tuning, or for a Modelfile. */
export function exportExamplesCommand(options: ExamplesOptions, context: CommandContext): Promise<ExitCode> {
  return withSetup(withoutFormat(options), context, async (setup) => {
    const place = options.db === undefined ? null : await placeOf(setup, context);
    const format = exchangeFormats.find((name) => name === options.format) ?? 'jsonl';
    await setup.terminal.print(writePairs(listExamples(await memoryOf(setup), place), format));
    return undefined;
  });
}

/** `sqlq examples import`: lines of JSON in the chat form, as examples of one database. */
export function importExamplesCommand(
  file: string,
  options: ExamplesOptions,
  context: CommandContext,
): Promise<ExitCode> {
  return withSetup(withoutFormat(options), context, async (setup) => {
    const place = await placeOf(setup, context);
    const text = file === '-' ? await readAll(context.streams.stdin, context.signal) : await readText(file);
    const pairs = readPairs(createRedactor([...context.secrets])(text));
    const store = await memoryOf(setup);
    store.transaction(() => {
      for (const pair of pairs) keepExample(store, { place, ...pair, source: 'user' }, context.now());
    })();
    setup.terminal.note(`Kept ${pairs.length} ${pairs.length === 1 ? 'example' : 'examples'}.`);
    return undefined;
  });
}

/** Flags of ours that settings have under the same name. */
function withoutFormat({
  format: _format,
  json: _json,
  ...options
}: ExamplesOptions): Omit<ExamplesOptions, 'format' | 'json'> {
  return options;
}

/** The database that examples belong to, which is not opened. */
async function placeOf({ settings, terminal }: Setup, context: CommandContext): Promise<string> {
  const { target } = await configuredDatabase(settings, {
    ...context,
    sampleFile: sampleFile(),
    warn: (text) => terminal.warn(terminal.style('yellow', terminal.escape(text))),
  });
  return describeTarget(target);
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new SqlqError('usage', `The file ${path} can't be read: ${messageOf(error)}.`, { cause: error });
  }
}
