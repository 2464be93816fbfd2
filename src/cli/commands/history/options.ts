import { flag, type OptionsOf, wholeNumber } from '../../options/option.ts';
import { commonOptions, databaseOptions, jsonOption, rowOptions } from '../../options/shared.ts';

export const listOptions = {
  limit: wholeNumber('-l, --limit <number>', 'how many to list; 20 unless given'),
  ...jsonOption,
  ...commonOptions,
};

export const showOptions = { ...jsonOption, ...commonOptions };

export const rerunOptions = { ...databaseOptions, ...rowOptions, ...commonOptions };

export const forgetOptions = { all: flag('--all', 'forget all of them'), ...commonOptions };

export type ListOptions = OptionsOf<typeof listOptions>;
export type ShowOptions = OptionsOf<typeof showOptions>;
export type RerunOptions = OptionsOf<typeof rerunOptions>;
export type ForgetOptions = OptionsOf<typeof forgetOptions>;
