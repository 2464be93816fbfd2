import type { OptionsOf } from '../../options/option.ts';
import { commonOptions, databaseOptions, modelOptions } from '../../options/shared.ts';

export const doctorOptions = { ...databaseOptions, ...modelOptions, ...commonOptions };

export type DoctorOptions = OptionsOf<typeof doctorOptions>;
