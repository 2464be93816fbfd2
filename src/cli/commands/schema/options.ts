import { flag, type OptionsOf, text } from '../../options/option.ts';
import { commonOptions, databaseOptions, modelOptions } from '../../options/shared.ts';

export const schemaOptions = {
  json: flag('--json', 'print the whole schema as JSON'),
  question: text('--question <question>', 'cut it to a question, as "ask" would'),
  sent: flag('--sent', 'print the whole request of a question, byte for byte, and the host it would go to'),
  ...databaseOptions,
  ...modelOptions,
  ...commonOptions,
};

export type SchemaOptions = OptionsOf<typeof schemaOptions>;
