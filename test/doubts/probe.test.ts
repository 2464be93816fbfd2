import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { LookOptions } from '../../src/database/process/client.ts';
import { createProber } from '../../src/doubts/probe.ts';
import { SqlqError } from '../../src/errors.ts';

const never = new AbortController().signal;

/** A database whose queries never end by themselves; what the server still does for them is said as the client says it. */
const endless = (left: string | null) => ({
  look: (_request: unknown, { signal }: LookOptions) =>
    new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => {
        const { reason } = signal;
        const isOurs = reason instanceof SqlqError && left !== null;
        reject(isOurs ? new SqlqError(reason.code, reason.message, { hint: left, cause: reason }) : reason);
      });
    }),
});

it('keeps what the server still does for a look that was ended, and gives it once', async () => {
  const prober = createProber(endless('It goes on as connection 7.'), 20, never);
  expect(await prober.probe('SELECT 1')).toBeNull();
  expect(prober.isLate).toBe(true);
  expect(prober.takeLeftRunning()).toEqual(['It goes on as connection 7.']);
  expect(prober.takeLeftRunning()).toEqual([]);
});

it('has nothing to say where the server has ended it', async () => {
  const prober = createProber(endless(null), 20, never);
  expect(await prober.probe('SELECT 1')).toBeNull();
  expect(prober.isLate).toBe(true);
  expect(prober.takeLeftRunning()).toEqual([]);
});

it('rejects where it is cancelled, with what the server still does', async () => {
  const controller = new AbortController();
  const prober = createProber(endless('It goes on as connection 7.'), 10_000, controller.signal);
  const look = prober.probe('SELECT 1');
  // It has been sent by then.
  await turn();
  await turn();
  controller.abort(new SqlqError('cancelled', 'Cancelled.'));
  await expect(look).rejects.toMatchObject({ code: 'cancelled', hint: 'It goes on as connection 7.' });
});
