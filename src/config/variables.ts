import { SqlqError } from '../errors.ts';
import { formats } from '../render/format.ts';
import { parseDuration, parseSize } from './duration.ts';
import { type Environment, variable } from './environment.ts';
import { parseSend } from './send.ts';
import type { FlagValues } from './values.ts';

/** The settings that SQLQ_ variables say. Throws a SqlqError `usage` for one that can't be read. */
export function readVariables(environment: Environment): FlagValues {
  const read = <Value>(
    name: string,
    parse: (text: string) => Value | null | undefined,
    allowed = '',
  ): Value | undefined => {
    const text = variable(environment, name);
    if (text === null) return undefined;
    const value = parse(text);
    if (value !== null && value !== undefined) return value;
    throw new SqlqError('usage', `${name} takes ${allowed}, not "${text}".`, {
      hint: `Set it to one of these, or unset it: unset ${name}`,
    });
  };
  const count = (name: string) =>
    read(name, (text) => (/^[1-9]\d{0,14}$/u.test(text) ? Number(text) : null), 'a whole number from 1 up');
  return {
    profile: read('SQLQ_PROFILE', String),
    baseUrl: read('SQLQ_BASE_URL', String),
    model: read('SQLQ_MODEL', String),
    database: read('SQLQ_DATABASE', String),
    format: read('SQLQ_FORMAT', (text) => formats.find((name) => name === text), formats.join(', ')),
    limit: count('SQLQ_LIMIT'),
    timeout: read('SQLQ_TIMEOUT', parseDuration, 'a duration such as 30s, 2m or 500ms'),
    memoryLimit: read('SQLQ_MEMORY_LIMIT', parseSize, 'a size such as 512MB or 2GB'),
    maxRowsScanned: count('SQLQ_MAX_ROWS_SCANNED'),
    maxCost: read('SQLQ_MAX_COST', positive, 'a number above 0'),
    send: read('SQLQ_SEND', parseSend),
    history: read('SQLQ_HISTORY', onOrOff, 'true or false'),
    hide: read('SQLQ_HIDE', (text) => text.split(',').map((part) => part.trim())),
  };
}

function onOrOff(text: string): boolean | null {
  const word = text.toLowerCase();
  if (['true', 'on', 'yes', '1'].includes(word)) return true;
  return ['false', 'off', 'no', '0'].includes(word) ? false : null;
}

function positive(text: string): number | null {
  const number = Number(text);
  return Number.isFinite(number) && number > 0 ? number : null;
}
