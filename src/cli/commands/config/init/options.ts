import { flag, type OptionsOf } from '../../../options/option.ts';
import { commonOptions } from '../../../options/shared.ts';

export const initOptions = {
  user: flag('--user', "write it to the user's configuration folder instead of this one"),
  ...commonOptions,
  force: flag('--force', 'replace a file that is there'),
};

export type InitOptions = OptionsOf<typeof initOptions>;
