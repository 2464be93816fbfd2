import { flag, type OptionsOf } from '../../../options/option.ts';
import { commonOptions, databaseOptions, modelOptions } from '../../../options/shared.ts';

const { db } = databaseOptions;
const { profile, model, baseUrl } = modelOptions;

export const initOptions = {
  user: flag('--user', "write it to the user's configuration folder instead of this one"),
  db,
  profile,
  model,
  baseUrl,
  ...commonOptions,
};

export type InitOptions = OptionsOf<typeof initOptions>;
