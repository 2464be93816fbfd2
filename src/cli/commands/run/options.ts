import { fileName, type OptionsOf } from '../../options/option.ts';
import { commonOptions, databaseOptions, rowOptions } from '../../options/shared.ts';

export const runOptions = {
  file: fileName('--file <file>', 'read the statement from a file'),
  ...databaseOptions,
  ...rowOptions,
  ...commonOptions,
};

export type RunOptions = OptionsOf<typeof runOptions>;
