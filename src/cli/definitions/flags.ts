import { type Command, Option } from 'commander';
import { formats } from '../../render/format.ts';

/** A flag that takes a list: several times, or with commas. */
function list(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, ...value.split(',').map((part) => part.trim())];
}

/** Which database, and which part of it. */
export function databaseFlags(command: Command): Command {
  return command
    .option('-d, --db <database>', 'URL, SQLite file, name of a configured database, or "sample"')
    .option('--schema <names>', 'read these schemas alone', list)
    .option('--include <patterns>', 'read tables that match, such as "order*" or "sales.*"', list)
    .option('--exclude <patterns>', 'leave out tables that match', list)
    .option('--hide <patterns>', 'columns that nobody may read, such as "*.ssn"', list)
    .option('--refresh', 'read the schema anew')
    .option('--timeout <duration>', 'end a query after this long, such as 30s or 2m');
}

/** Which model, and what it may be told. */
export function modelFlags(command: Command): Command {
  return command
    .option(
      '-p, --profile <name>',
      'provider profile: openai, docker-model-runner, ollama, offline, or your own',
    )
    .option('-m, --model <name>', "the model's name on its server")
    .option('--base-url <url>', 'an OpenAI-compatible server, such as http://localhost:8080/v1')
    .option('--max-tokens <number>', 'the longest reply')
    .option('--temperature <number>', 'sampling temperature')
    .option('--no-cache', 'ask the model again where the same question was answered before')
    .option(
      '--send <kinds>',
      'what may leave besides names, types and keys: comments, defaults, samples, rows, or none',
      list,
    );
}

/** How SQL runs and where its rows go. */
export function rowFlags(command: Command): Command {
  return command
    .addOption(
      new Option(
        '-f, --format <format>',
        'how rows are written; a table in a terminal, CSV in a pipe',
      ).choices(formats),
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

/** What every command takes. */
export function commonFlags(command: Command): Command {
  return command
    .option('--report <file>', 'write what was done to a file, as one JSON object')
    .option('-v, --verbose', 'say more on stderr')
    .option('-q, --quiet', 'say nothing on stderr but errors')
    .option('--color', 'always use colours')
    .option('--no-color', 'never use colours');
}
