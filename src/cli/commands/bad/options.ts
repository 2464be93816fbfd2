import { type OptionsOf, text } from '../../options/option.ts';
import { commonOptions } from '../../options/shared.ts';

export const badOptions = {
  sql: text('--sql <sql>', 'the SQL that would have been right'),
  ...commonOptions,
};

export type BadOptions = OptionsOf<typeof badOptions>;
