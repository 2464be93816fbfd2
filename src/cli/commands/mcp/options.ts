import { duration } from '../../../config/settings/kind.ts';
import {
  choice,
  fileName,
  flag,
  grouped,
  list,
  type OptionsOf,
  parsed,
  wholeNumber,
} from '../../options/option.ts';
import { commonOptions, databaseOptions, modelOptions, rowOptions } from '../../options/shared.ts';
import { clientNames } from './clients.ts';

const { write, writeDdl, maxRowsScanned, maxCost, strict, doubts, memoryLimit, csvSafe } = rowOptions;

export const mcpOptions = {
  ...grouped('Session', {
    databases: list(
      '--databases <names>',
      'databases of the settings that the caller may name besides, or all; repeat or separate with commas',
    ),
    saveTo: fileName('--save-to <folder>', 'let the caller write results to new files in this folder'),
    maxRows: wholeNumber('--max-rows <number>', 'tell the caller no more rows than this in all'),
    maxTime: parsed(
      '--max-time <duration>',
      'let databases work no longer than this in all, such as 10m',
      duration.read,
      duration.wanted,
    ),
    ledger: fileName('--ledger <file>', 'append all that the caller is told to a file, a JSON object a line'),
    install: choice(
      '--install <client>',
      "print a client's entry for this command, and run nothing",
      clientNames,
    ),
    apply: flag('--apply', "with --install, add the entry to the client's own file"),
    name: parsed(
      '--name <name>',
      'with --install, what the entry is called; sqlq unless given',
      (part) => (/^[\w-]{1,60}$/u.test(part) ? part : null),
      'letters, digits, hyphens and underscores',
    ),
  }),
  ...databaseOptions,
  ...modelOptions,
  write,
  writeDdl,
  maxRowsScanned,
  maxCost,
  strict,
  doubts,
  memoryLimit,
  csvSafe,
  ...commonOptions,
};

export type McpOptions = OptionsOf<typeof mcpOptions>;
