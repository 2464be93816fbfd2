import { Command, CommanderError, Option } from 'commander';
import { type ExitCode, exitCodes } from '../errors.ts';
import type { CommandContext } from './context.ts';

/** The commands and their flags: argv becomes options, and each command's own module, loaded only then, does the work. */
export function createProgram(version: string, argv: readonly string[], context: CommandContext): Command {
  // Only the command that is named gets its flags: to make a hundred of them takes longer than to parse.
  const withFlags = (command: Command, ...adders: readonly ((command: Command) => Command)[]): Command =>
    argv.includes(command.name()) ? adders.reduce((made, add) => add(made), command) : command;

  const program = new Command('sqlq')
    .description(
      'Ask a database a question in plain words.\nsqlq shows the SQL it checked, runs it read-only, and prints exact rows.',
    )
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .showSuggestionAfterError()
    .configureHelp({ sortSubcommands: false })
    .addHelpText(
      'after',
      `
Examples:
  sqlq ask --db sample "which five customers spent the most?"
  sqlq ask --db postgres://localhost/shop --yes "orders per month in 2025" > orders.csv
  sqlq run --db shop.sqlite "SELECT count(*) FROM orders"
  sqlq doctor --db shop.sqlite

Exit codes: 0 answered, 1 the database or the model failed, 2 usage or settings, 3 refused by the guard,
4 can't be answered from this schema, 5 a limit was passed, 130 cancelled.`,
    );

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
      context.finish(await (await import('./ask.ts')).askCommand(words, options, context)),
    );

  const run = program
    .command('run')
    .description('run SQL of your own through the same guard, limits and formats, without a model')
    .argument('[sql]', 'one statement; "-" or none reads it from standard input')
    .option('--file <file>', 'read the statement from a file');
  withFlags(run, databaseFlags, rowFlags, commonFlags);
  run
    .addHelpText(
      'after',
      `
Examples:
  sqlq run --db sample "SELECT country, count(*) FROM customers GROUP BY country"
  sqlq run --db sample --file report.sql --output report.csv
  sqlq run --db sample --write --yes "UPDATE products SET stock = 0 WHERE id = 3"`,
    )
    .action(async (sql: string | undefined, options) =>
      context.finish(await (await import('./run.ts')).runCommand(sql, options, context)),
    );

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
      context.finish(await (await import('./schema.ts')).schemaCommand(options, context)),
    );

  const models = program
    .command('models')
    .description("list the models of a profile's server")
    .option('--json', 'print JSON');
  withFlags(models, modelFlags, commonFlags);
  models
    .addHelpText('after', '\nExample:\n  sqlq models --profile ollama')
    .action(async (options) =>
      context.finish(await (await import('./models.ts')).modelsCommand(options, context)),
    );

  const config = program
    .command('config')
    .description('print the settings in effect and where each came from')
    .option('--json', 'print JSON');
  withFlags(config, databaseFlags, modelFlags, rowFlags, commonFlags);
  config
    .addHelpText('after', '\nExamples:\n  sqlq config\n  sqlq config init')
    .action(async (options) =>
      context.finish(await (await import('./config.ts')).configCommand(options, context)),
    );
  withFlags(
    config
      .command('init')
      .description('write a first .sqlqrc')
      .option('--user', "write it to the user's configuration folder instead of this one")
      .option('--force', 'replace a file that is there'),
    commonFlags,
  ).action(async (options) =>
    context.finish(await (await import('./config.ts')).configInitCommand(options, context)),
  );

  const doctor = program
    .command('doctor')
    .description('check settings, database and model server, and say how to mend them');
  withFlags(doctor, databaseFlags, modelFlags, commonFlags);
  doctor
    .addHelpText('after', '\nExample:\n  sqlq doctor --db postgres://localhost/shop --profile ollama')
    .action(async (options) =>
      context.finish(await (await import('./doctor.ts')).doctorCommand(options, context)),
    );

  return program;
}

/** The exit code of what the parser threw after it had printed help, the version or an error; null for all else. */
export function parserExitCode(thrown: unknown): ExitCode | null {
  if (!(thrown instanceof CommanderError)) return null;
  return thrown.exitCode === 0 ? exitCodes.answered : exitCodes.usage;
}

/** A flag that takes a list: several times, or with commas. */
function list(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, ...value.split(',').map((part) => part.trim())];
}

/** `--write=ddl` as the flag that commander knows; an optional value would swallow the SQL that follows. */
export function normalizeArguments(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--');
  return argv.map((argument, index) =>
    argument === '--write=ddl' && (end === -1 || index < end) ? '--write-ddl' : argument,
  );
}

function databaseFlags(command: Command): Command {
  return command
    .option('-d, --db <database>', 'URL, SQLite file, name of a configured database, or "sample"')
    .option('--schema <names>', 'read these schemas alone', list)
    .option('--include <patterns>', 'read tables that match, such as "order*" or "sales.*"', list)
    .option('--exclude <patterns>', 'leave out tables that match', list)
    .option('--hide <patterns>', 'columns that nobody may read, such as "*.ssn"', list)
    .option('--refresh', 'read the schema anew')
    .option('--timeout <duration>', 'end a query after this long, such as 30s or 2m');
}

function modelFlags(command: Command): Command {
  return command
    .option(
      '-p, --profile <name>',
      'provider profile: openai, docker-model-runner, ollama, offline, or your own',
    )
    .option('-m, --model <name>', "the model's name on its server")
    .option('--base-url <url>', 'an OpenAI-compatible server, such as http://localhost:8080/v1')
    .option('--max-tokens <number>', 'the longest reply')
    .option('--temperature <number>', 'sampling temperature')
    .option(
      '--send <kinds>',
      'what may leave besides names, types and keys: comments, defaults, samples, rows, or none',
      list,
    );
}

function rowFlags(command: Command): Command {
  return command
    .addOption(
      new Option(
        '-f, --format <format>',
        'how rows are written; a table in a terminal, CSV in a pipe',
      ).choices(['table', 'csv', 'tsv', 'json', 'ndjson', 'markdown']),
    )
    .option('-o, --output <file>', 'write the rows to a file, whole or not at all')
    .option('-l, --limit <number>', 'stop after so many rows')
    .option('-y, --yes', 'run without asking')
    .option('-n, --dry-run', 'print the SQL and run nothing')
    .option('--csv-safe', 'neutralise spreadsheet formulas in CSV')
    .option('--write', 'allow one statement that changes rows; --write=ddl: or tables')
    .addOption(new Option('--write-ddl').hideHelp())
    .option('--max-rows-scanned <number>', 'the most rows that the planner may expect to read')
    .option('--max-cost <number>', 'the highest cost that the planner may expect')
    .option('--memory-limit <size>', 'end a query that takes more memory, such as 512MB');
}

function commonFlags(command: Command): Command {
  return command
    .option('--report <file>', 'write what was done to a file, as one JSON object')
    .option('-v, --verbose', 'say more on stderr')
    .option('-q, --quiet', 'say nothing on stderr but errors')
    .option('--color', 'always use colours')
    .option('--no-color', 'never use colours');
}
