import fc from 'fast-check';
import { expect, it } from 'vitest';
import { afterOutcome, openUntil } from '../../../src/model/endpoints/breaker.ts';
import { availability, noLimits } from '../../../src/model/endpoints/limits.ts';
import {
  type EndpointRecord,
  ended,
  freshRecord,
  readRecord,
  tidied,
} from '../../../src/model/endpoints/record.ts';

const request = (at: number, tokens: number, isOpen = false) => ({
  id: `${at}`,
  process: 1,
  at,
  until: at + 1_000_000,
  tokens,
  isOpen,
  count: 1,
});

it('never lets more through than a minute may have, and waits no longer than it must', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({ pause: fc.integer({ min: 0, max: 20_000 }), tokens: fc.integer({ min: 1, max: 100 }) }),
        {
          maxLength: 40,
        },
      ),
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 100, max: 300 }),
      (asked, requestsPerMinute, tokensPerMinute) => {
        const limits = { ...noLimits, requestsPerMinute, tokensPerMinute };
        let record: EndpointRecord = freshRecord;
        let now = 1_000_000;
        const sent: { at: number; tokens: number }[] = [];
        for (const { pause, tokens } of asked) {
          now += pause;
          record = tidied(record, now, () => true);
          const is = availability(record, limits, tokens, now);
          if (is.kind === 'full') {
            // A moment before there is no room.
            const before = is.at - 1;
            expect(
              availability(
                tidied(record, before, () => true),
                limits,
                tokens,
                before,
              ).kind,
            ).toBe('full');
            now = is.at;
            record = tidied(record, now, () => true);
          }
          expect(availability(record, limits, tokens, now)).toEqual({ kind: 'now' });
          record = { ...record, requests: [...record.requests, request(now, tokens)] };
          sent.push({ at: now, tokens });
          const minute = sent.filter(({ at }) => at > now - 60_000);
          expect(minute.length).toBeLessThanOrEqual(requestsPerMinute);
          expect(minute.reduce((sum, one) => sum + one.tokens, 0)).toBeLessThanOrEqual(tokensPerMinute);
        }
      },
    ),
  );
});

it('a server that was asked very often has a short record, which counts each request', () => {
  const limits = { ...noLimits, requestsPerMinute: 6_000, tokensPerMinute: 60_000 };
  let record: EndpointRecord = freshRecord;
  for (let number = 0; number < 6_000; number += 1) {
    const at = 1_000_000 + number * 10;
    record = tidied(
      {
        ...record,
        requests: [...record.requests, { ...request(at, 10, number === 5_999), id: `${number}` }],
      },
      at,
      () => true,
    );
  }
  expect(record.requests.length).toBeLessThanOrEqual(62);
  expect(readRecord(JSON.stringify(record))).toEqual(record);
  expect(availability(record, limits, 1, 1_059_990)).toEqual({ kind: 'full', at: 1_000_990 + 60_000 });
  const later = tidied(record, 1_061_000, () => true);
  expect(availability(later, limits, 1, 1_061_000).kind).toBe('now');
  expect(later.requests.reduce((sum, { count }) => sum + count, 0)).toBe(5_900);
});

it('holds requests at once, and frees those of a process that is gone or past their time', () => {
  const limits = { ...noLimits, requestsAtOnce: 1 };
  const record = { ...freshRecord, requests: [request(1_000, 10, true)] };
  expect(availability(record, limits, 1, 2_000).kind).toBe('full');
  expect(availability(ended(record, '1000', 5), limits, 1, 2_000).kind).toBe('now');
  expect(
    availability(
      tidied(record, 2_000, () => false),
      limits,
      1,
      2_000,
    ).kind,
  ).toBe('now');
  expect(
    availability(
      tidied(record, 2_000_000, () => true),
      limits,
      1,
      2_000_000,
    ).kind,
  ).toBe('now');
});

it('a question that is larger than a minute may have waits for nothing', () => {
  const limits = { ...noLimits, tokensPerMinute: 100 };
  expect(availability(freshRecord, limits, 101, 0)).toEqual({ kind: 'never', limit: 100 });
});

it('a breaker opens at the first failure, for twice as long each time, and closes at an answer', async () => {
  const start = Date.now();
  const first = await afterOutcome(null, false);
  const opened = openUntil({ breaker: first }) ?? 0;
  expect(opened - start).toBeGreaterThanOrEqual(1_000);
  expect(opened - start).toBeLessThan(1_500);
  expect(availability({ ...freshRecord, breaker: first }, noLimits, 1, start)).toEqual({
    kind: 'down',
    at: opened,
  });
  // Where it is the only one, somebody has to answer.
  expect(availability({ ...freshRecord, breaker: first }, noLimits, 1, start, true).kind).toBe('now');
  // What was found well again may have one question.
  const half = { ...freshRecord, breaker: first, isReady: true };
  expect(availability(half, noLimits, 1, start).kind).toBe('now');
  expect(availability({ ...half, requests: [request(start, 1, true)] }, noLimits, 1, start).kind).toBe(
    'full',
  );
  // As if the second had gone by.
  const aged = JSON.parse(first);
  aged.ownState.openedAt -= 5_000;
  const second = openUntil({ breaker: await afterOutcome(JSON.stringify(aged), false) }) ?? 0;
  expect(second - start).toBeGreaterThanOrEqual(2_000);
  expect(openUntil({ breaker: await afterOutcome(JSON.stringify(aged), true) })).toBeNull();
});

it.each([
  ['no JSON', 'no JSON'],
  ['of another kind', '{"ownState":{"value":9}}'],
  ['that would count for ever', '{"ownState":{"value":1,"openedAt":1,"attemptNo":1e300},"breakerState":1}'],
  [
    'of a day to come',
    `{"ownState":{"value":1,"openedAt":${Date.now() + 1e9},"attemptNo":1},"breakerState":1}`,
  ],
])('a breaker whose text is %s is closed', async (_what, breaker) => {
  expect(openUntil({ breaker })).toBeNull();
  expect(openUntil({ breaker: await afterOutcome(breaker, false) })).not.toBeNull();
});

it('a record that is none, or of another version, is a fresh one', () => {
  for (const text of [null, '', '[]', '{"requests": 5}', '{"breaker": {}}', 'x']) {
    expect(readRecord(text)).toEqual(freshRecord);
  }
  expect(readRecord('{"turn": 3, "later": true}')).toEqual({ ...freshRecord, turn: 3 });
});
