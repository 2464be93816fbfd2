import { choice, type OptionsOf, text } from '../../options/option.ts';
import { commonOptions, jsonOption } from '../../options/shared.ts';

const ofDatabase = {
  db: text('-d, --db <database>', 'URL, SQLite file or name: examples of this database alone'),
};

export const examplesOptions = { ...jsonOption, ...ofDatabase, ...commonOptions };

export const exportOptions = {
  format: {
    ...choice('-f, --format <format>', 'jsonl: chats for fine-tuning; modelfile: messages for Ollama', [
      'jsonl',
      'modelfile',
    ]),
    initial: 'jsonl' as const,
  },
  ...ofDatabase,
  ...commonOptions,
};

export const importOptions = { ...ofDatabase, ...commonOptions };

export type ExamplesOptions = OptionsOf<typeof examplesOptions>;
export type ExportOptions = OptionsOf<typeof exportOptions>;
export type ImportOptions = OptionsOf<typeof importOptions>;
