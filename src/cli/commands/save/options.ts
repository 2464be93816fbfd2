import { flag, type OptionsOf, wholeNumber } from '../../options/option.ts';
import { commonOptions, databaseOptions } from '../../options/shared.ts';

export const saveOptions = {
  from: wholeNumber('--from <number>', 'its number in sqlq history; the last one unless given'),
  ...databaseOptions,
  ...commonOptions,
  force: flag('--force', 'replace a file that is there'),
};

export type SaveOptions = OptionsOf<typeof saveOptions>;
