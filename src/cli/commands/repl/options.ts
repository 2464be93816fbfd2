import type { OptionsOf } from '../../options/option.ts';
import { commonOptions, databaseOptions, modelOptions, rowOptions } from '../../options/shared.ts';

export const replOptions = { ...databaseOptions, ...modelOptions, ...rowOptions, ...commonOptions };

export type ReplOptions = OptionsOf<typeof replOptions>;
