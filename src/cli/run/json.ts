import { escapedJson } from '../../render/escaped-json.ts';

/** A value as JSON for people and programs: the same data, with nothing that a terminal would obey. */
export function jsonText(value: unknown): string {
  return `${escapedJson(JSON.stringify(value, null, 2))}\n`;
}
