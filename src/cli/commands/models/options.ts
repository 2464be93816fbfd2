import type { OptionsOf } from '../../options/option.ts';
import { commonOptions, jsonOption, modelOptions } from '../../options/shared.ts';

export const modelsOptions = { ...jsonOption, ...modelOptions, ...commonOptions };

export type ModelsOptions = OptionsOf<typeof modelsOptions>;
