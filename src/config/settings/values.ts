import type { Setting } from './setting.ts';
import { settings } from './table.ts';

export type SettingName = keyof typeof settings;

/** The value of a setting: one of its kind, or null where nothing is built in. */
type ValueOf<Row> =
  Row extends Setting<infer Value, infer BuiltIn> ? (null extends BuiltIn ? Value | null : Value) : never;

/** All settings, whoever gave each. */
export type Values = { readonly [Name in SettingName]: ValueOf<(typeof settings)[Name]> };

/** Settings as far as somebody gave them: a command line, a variable, a file. */
export type GivenValues = { readonly [Name in SettingName]?: NonNullable<Values[Name]> | undefined };

/** The rows of the table, to be read one like the other. */
export const settingRows = Object.entries(settings) as readonly (readonly [SettingName, Setting<unknown>])[];

/** Makes an object with a key for each setting; `make` gives for each row what `Made` says of it. */
export function mapSettings<Made extends Partial<Readonly<Record<SettingName, unknown>>>>(
  make: (row: Setting<unknown>, name: SettingName) => unknown,
): Made {
  return Object.fromEntries(settingRows.map(([name, row]) => [name, make(row, name)])) as Made;
}

/** What holds where nobody says anything. */
export const builtIn: Values = mapSettings<Values>((row) => row.builtIn);
