import { type OptionsOf, wholeNumber } from '../../options/option.ts';
import { commonOptions, jsonOption } from '../../options/shared.ts';

export const usageOptions = {
  days: wholeNumber('--days <number>', 'of so many days, today included; 30 unless given'),
  ...jsonOption,
  ...commonOptions,
};

export type UsageOptions = OptionsOf<typeof usageOptions>;
