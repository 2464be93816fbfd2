import { parseDuration, parseSize } from '../config/duration.ts';
import { parseSend } from '../config/send.ts';
import type { FlagValues } from '../config/values.ts';
import { SqlqError } from '../errors.ts';
import { formats } from '../render/format.ts';
import type { AskOptions } from './options.ts';

/** The flags of any command as settings: what was not given is absent. Throws a SqlqError `usage`. */
export function flagValues(options: AskOptions): FlagValues {
  return {
    profile: options.profile,
    baseUrl: options.baseUrl,
    model: options.model,
    database: options.db,
    format: formats.find((name) => name === options.format),
    limit: whole('--limit', options.limit),
    timeout: read('--timeout', options.timeout, parseDuration, 'a duration such as 30s, 2m or 500ms'),
    memoryLimit: read('--memory-limit', options.memoryLimit, parseSize, 'a size such as 512MB or 2GB'),
    send: options.send === undefined ? undefined : parseSend(options.send.join(',')),
    hide: options.hide,
    schemas: options.schema,
    include: options.include,
    exclude: options.exclude,
    maxRowsScanned: whole('--max-rows-scanned', options.maxRowsScanned),
    maxCost: read('--max-cost', options.maxCost, positive, 'a number above 0'),
    maxTokens: whole('--max-tokens', options.maxTokens),
    temperature: read('--temperature', options.temperature, temperature, 'a number from 0 to 2'),
    cache: options.cache === false ? false : undefined,
    csvSafe: options.csvSafe,
    color: options.color,
  };
}

function read(
  flag: string,
  text: string | undefined,
  parse: (text: string) => number | null,
  wanted: string,
): number | undefined {
  if (text === undefined) return undefined;
  const value = parse(text);
  if (value !== null) return value;
  throw new SqlqError('usage', `${flag} takes ${wanted}, not "${text}".`);
}

/** A whole number of a flag; throws a SqlqError `usage`. */
export function whole(flag: string, text: string | undefined): number | undefined {
  return read(
    flag,
    text,
    (digits) => (/^[1-9]\d{0,14}$/u.test(digits) ? Number(digits) : null),
    'a whole number from 1 up',
  );
}

function positive(text: string): number | null {
  const number = Number(text);
  return text.trim() !== '' && Number.isFinite(number) && number > 0 ? number : null;
}

function temperature(text: string): number | null {
  const number = Number(text);
  return text.trim() !== '' && number >= 0 && number <= 2 ? number : null;
}
