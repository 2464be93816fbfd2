import type { Headers } from 'undici';

/**
 * The server's own wait: a header, `delay` as Gemini's body has it, or OpenAI's "try again in 1.2s". Without any of them, when the
 * limit begins anew that is used up. Null where nothing of it is said.
 */
export function waitOf(headers: Headers, delay: string | null, message: string): number | null {
  const milliseconds = Number(headers.get('retry-after-ms') ?? Number.NaN);
  if (milliseconds >= 0) {
    return milliseconds;
  }
  const after = headers.get('retry-after');
  if (after !== null) {
    const wait = /^\s*\d+(\.\d+)?\s*$/.test(after) ? Number(after) * 1000 : Date.parse(after) - Date.now();
    return Number.isNaN(wait) ? null : Math.max(0, wait);
  }
  const said =
    /^([\d.]+)(s)$/.exec(delay ?? '') ??
    /(?:try again|retry) in ([\d.]+) ?(ms|s|seconds?|m|minutes?)\b/i.exec(message);
  if (said === null) {
    return resetOf(headers);
  }
  const unit = said[2] === 'ms' ? 1 : said[2]?.startsWith('m') ? 60_000 : 1000;
  return Number(said[1]) * unit;
}

/** `x-ratelimit-reset-tokens` of OpenAI and Groq, `x-ratelimit-reset` of OpenRouter, `anthropic-ratelimit-tokens-reset`. */
const resetHeader = /^x-ratelimit-reset(-.+)?$|^anthropic-ratelimit-(.+)-reset$/;

/** When all limits that are used up have begun anew; a limit of which something is left is not waited for. */
function resetOf(headers: Headers): number | null {
  const waits: number[] = [];
  headers.forEach((value, name) => {
    const reset = resetHeader.exec(name);
    if (reset === null) {
      return;
    }
    const left = headers.get(
      reset[2] === undefined
        ? `x-ratelimit-remaining${reset[1] ?? ''}`
        : `anthropic-ratelimit-${reset[2]}-remaining`,
    );
    const wait = left === null || Number(left) <= 0 ? untilReset(value) : null;
    if (wait !== null) {
      waits.push(wait);
    }
  });
  return waits.length === 0 ? null : Math.max(...waits);
}

const unitMilliseconds: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
]);

/** A span as Go writes it (`6m0s`, `120ms`), seconds, seconds or milliseconds since 1970, or a date; null where it is none of them. */
function untilReset(value: string): number | null {
  const text = value.trim();
  if (/^(\d+(\.\d+)?(ms|[smhd]))+$/.test(text)) {
    const parts = [...text.matchAll(/([\d.]+)(ms|[smhd])/g)];
    return parts.reduce(
      (sum, [, number, unit = 's']) => sum + Number(number) * (unitMilliseconds.get(unit) ?? 0),
      0,
    );
  }
  const number = text === '' ? Number.NaN : Number(text);
  if (number >= 0) {
    const at = number > 1e11 ? number : number * 1000;
    return Math.max(0, number > 1e8 ? at - Date.now() : at);
  }
  const wait = Date.parse(text) - Date.now();
  return Number.isNaN(wait) ? null : Math.max(0, wait);
}
