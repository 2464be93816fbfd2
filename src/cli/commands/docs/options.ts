import { flag, type OptionsOf, text, wholeNumber } from '../../options/option.ts';
import { commonOptions, jsonOption } from '../../options/shared.ts';

const ofDatabase = {
  db: text('-d, --db <database>', 'URL, SQLite file or name: the database that they are about'),
};

export const addOptions = {
  ...ofDatabase,
  source: text('--source <name>', 'what a document is known as, such as the address of its page'),
  ...commonOptions,
};

export const listOptions = { ...ofDatabase, ...jsonOption, ...commonOptions };

export const searchOptions = {
  ...ofDatabase,
  limit: wholeNumber('-l, --limit <number>', 'how many pieces to list; 5 unless given'),
  ...jsonOption,
  ...commonOptions,
};

export const showOptions = { ...ofDatabase, ...jsonOption, ...commonOptions };

export const removeOptions = {
  ...ofDatabase,
  all: flag('--all', 'remove all of the database'),
  ...commonOptions,
};

export type AddOptions = OptionsOf<typeof addOptions>;
export type ListOptions = OptionsOf<typeof listOptions>;
export type SearchOptions = OptionsOf<typeof searchOptions>;
export type ShowOptions = OptionsOf<typeof showOptions>;
export type RemoveOptions = OptionsOf<typeof removeOptions>;
