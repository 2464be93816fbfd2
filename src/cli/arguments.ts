import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { nearest } from '../schema/nearest.ts';
import { askOptions } from './commands/ask/options.ts';
import { longName } from './options/option.ts';
import { commands } from './program.ts';

/**
 * The arguments as commander takes them. `--write=ddl` becomes a flag that it knows: an optional value would swallow the SQL
 * that follows. SQL that begins with a comment (`-- `) becomes what no flag looks like. Where no command is named, a question
 * is asked, and a database is opened.
 */
export function normalizeArguments(argv: readonly string[], workingDirectory = '.'): readonly string[] {
  const end = argv.indexOf('--');
  const plain = argv.map((argument, index) =>
    argument === '--write=ddl' && (end === -1 || index < end)
      ? '--write-ddl'
      : argument.replace(/^(?=--\s)/u, '\n'),
  );
  return withCommand(plain, workingDirectory);
}

/** Puts the command that is meant before arguments that name none. */
function withCommand(argv: readonly string[], folder: string): readonly string[] {
  const [first] = argv;
  if (first === undefined || isCommand(first) || /^(?:-h|--help|-V|--version)$/u.test(first)) {
    return argv;
  }
  const at = wordsAt(argv);
  const [wordAt] = at;
  const word = wordAt === undefined ? undefined : argv[wordAt];
  if (wordAt === undefined || word === undefined) {
    return first.startsWith('-') ? ['repl', ...argv] : argv;
  }
  if (isCommand(word)) {
    return argv;
  }
  const [...rest] = argv;
  if (isDatabase(word, folder)) {
    rest.splice(wordAt, 1);
    return [at.length > 1 ? 'ask' : 'repl', '--db', word, ...rest];
  }
  // A single word is more likely a command that is spelt wrong than a question.
  const isQuestion = /\s|\?$/u.test(word.trim()) || first.startsWith('-') || at.length > 1;
  return isQuestion && (/\s/u.test(word.trim()) || !isMisspelt(word)) ? ['ask', ...argv] : argv;
}

function isCommand(word: string): boolean {
  return word === 'help' || commands.some(({ name }) => name === word);
}

function isMisspelt(word: string): boolean {
  return (
    nearest(
      word,
      commands.map(({ name }) => name),
    ) !== null
  );
}

/** Whether a word names a database by itself: an address, or a file that is there or called like one. */
function isDatabase(word: string, folder: string): boolean {
  if (/^(?:host|hostaddr|dbname|service)=/u.test(word)) {
    return true;
  }
  if (/\s/u.test(word)) {
    return false;
  }
  return (
    /^[a-z][a-z0-9+]+:(?!$)/iu.test(word) ||
    // The endings of each engine's files would have to be read at every start.
    /[\w*)]\.[a-z][a-z0-9]{1,7}$/iu.test(word) ||
    (/[./\\]/u.test(word) && folder !== '' && existsSync(resolve(folder, word)))
  );
}

/** Where the words stand that are no options, and no values of options. */
function wordsAt(argv: readonly string[]): readonly number[] {
  const withValue = new Set(
    Object.values(askOptions).flatMap(({ flags }) =>
      /[<[]/u.test(flags) ? [longName(flags), /^-\w/u.exec(flags)?.[0] ?? ''] : [],
    ),
  );
  const found: number[] = [];
  for (let index = 0; index < argv.length; index += 1) {
    const argument = argv[index] ?? '';
    if (argument === '--') {
      return [...found, ...[...argv.keys()].slice(index + 1)];
    }
    if (withValue.has(argument)) {
      index += 1;
    } else if (!/^-./u.test(argument)) {
      found.push(index);
    }
  }
  return found;
}
