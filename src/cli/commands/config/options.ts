import type { OptionsOf } from '../../options/option.ts';
import {
  commonOptions,
  databaseOptions,
  jsonOption,
  modelOptions,
  rowOptions,
} from '../../options/shared.ts';

export const configOptions = {
  ...jsonOption,
  ...databaseOptions,
  ...modelOptions,
  ...rowOptions,
  ...commonOptions,
};

export type ConfigOptions = OptionsOf<typeof configOptions>;
