import type { OptionsOf } from '../../options/option.ts';
import { commonOptions, jsonOption } from '../../options/shared.ts';

export const savedOptions = { ...jsonOption, ...commonOptions };

export type SavedOptions = OptionsOf<typeof savedOptions>;
