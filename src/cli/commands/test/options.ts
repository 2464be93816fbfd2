import { reporters } from '../../../suite/report/report.ts';
import { choice, fileName, flag, type OptionsOf, text, wholeNumber } from '../../options/option.ts';
import { commonOptions, databaseOptions, modelOptions } from '../../options/shared.ts';

/** How suites are run, and what is written of it. */
export const testOptions = {
  record: flag(
    '--record',
    'ask the model, and keep its replies beside the suite for later runs to give again',
  ),
  live: flag('--live', 'ask the model, and keep nothing'),
  repeat: wholeNumber('--repeat <number>', 'ask each question so many times, and say how often it was right'),
  jobs: wholeNumber('-j, --jobs <number>', 'cases at once; 4 unless given'),
  filter: text('--filter <text>', 'the cases whose name holds a text, or matches a /regular expression/'),
  reporter: choice('--reporter <format>', 'what is written: text, or json, junit or tap for CI', reporters),
  output: fileName('-o, --output <file>', 'write that to a file, and the text to standard output'),
  ...databaseOptions,
  ...modelOptions,
  ...commonOptions,
};

export type TestOptions = OptionsOf<typeof testOptions>;
