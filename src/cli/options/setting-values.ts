import { longFlag } from '../../config/settings/setting.ts';
import { type GivenValues, mapSettings } from '../../config/settings/values.ts';
import type { SettingOptions } from './shared.ts';

/** The options of any command as settings: what was not given is absent. */
export function settingValues(options: SettingOptions): GivenValues {
  const given: Readonly<Record<string, unknown>> = options;
  return mapSettings<GivenValues>((row) => {
    const value = given[attributeOf(longFlag(row))];
    // What can only be turned off stands as true where it was not.
    return row.flag === null && value === true ? undefined : value;
  });
}

/** The name that commander has for an option: `maxCost` for `--max-cost`, `cache` for `--no-cache`. */
function attributeOf(long: string): string {
  return long
    .replace(/^--(?:no-)?/u, '')
    .replace(/-([a-z])/gu, (_dash, letter: string) => letter.toUpperCase());
}
