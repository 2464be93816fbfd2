import type { FastifyBaseLogger } from 'fastify';
import { type DestinationStream, pino } from 'pino';
import { SqlqError } from '../../errors.ts';

/** What of something thrown is told to an operator: never its text, which may hold what stands in rows or in SQL. */
export interface LoggedError {
  readonly type: string;
  readonly code: string | null;
  readonly engineCode: string | null;
  /** Where in the code a bug was met. */
  readonly stack?: string;
}

/** How a log is written. */
export interface LogOptions {
  readonly level: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** Takes secrets out of a text. */
  readonly redact: (text: string) => string;
  readonly now: () => Date;
}

/** A log that is a JSON object a line. */
export function createLog(stream: DestinationStream, { level, redact, now }: LogOptions): FastifyBaseLogger {
  return pino(
    {
      level,
      base: { pid: process.pid },
      timestamp: () => `,"time":"${now().toISOString()}"`,
      formatters: {
        level: (label) => ({ level: label }),
        log: (facts) => redacted(facts, redact),
      },
      serializers: { err: loggedError, req: () => undefined, res: () => undefined },
      hooks: {
        // Whoever logs an error may say its text again as the message.
        logMethod(words, method) {
          const [first, ...rest] = words;
          if (first instanceof Error || holdsError(first)) {
            method.call(this, first, 'failed');
          } else {
            const [message] = rest;
            method.call(this, typeof first === 'string' ? redact(first) : first, redact(message ?? ''));
          }
        },
      },
    },
    stream,
  );
}

function holdsError(facts: unknown): boolean {
  return typeof facts === 'object' && facts !== null && 'err' in facts && facts.err instanceof Error;
}

/** What of an error may be told. */
export function loggedError(thrown: unknown): LoggedError {
  if (thrown instanceof SqlqError) {
    return { type: thrown.name, code: thrown.code, engineCode: thrown.engineCode };
  }
  if (!(thrown instanceof Error)) {
    return { type: typeof thrown, code: null, engineCode: null };
  }
  const code = 'code' in thrown && /^[\w-]{1,60}$/u.test(String(thrown.code)) ? String(thrown.code) : null;
  const frames = (thrown.stack ?? '').split('\n').filter((line) => /^\s+at /u.test(line));
  return { type: thrown.name, code, engineCode: null, stack: frames.join('\n') };
}

function redacted(
  facts: Readonly<Record<string, unknown>>,
  redact: (text: string) => string,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(facts).map(([key, value]) => [key, typeof value === 'string' ? redact(value) : value]),
  );
}
