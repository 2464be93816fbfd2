import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseBudget } from '../../../src/config/settings/endpoints.ts';
import { type Budgets, createPurse } from '../../../src/model/endpoints/budget.ts';
import { dollarsOf, money } from '../../../src/model/endpoints/price.ts';
import { createMemoryState } from '../../../src/model/endpoints/state.ts';

const none: Budgets = { question: null, day: null, month: null };
const never = new AbortController().signal;
const now = () => new Date('2026-03-15T12:00:00');
const price = { input: 1, output: 2 };

function plan(part: object, more: object = {}) {
  return {
    id: `${Math.random()}`,
    part,
    model: 'm',
    price,
    promptTokens: 100,
    mostTokens: 1_000,
    left: 1_000,
    ...more,
  };
}

const entry = (day: string, tokens: number, dollars: number | null = 0) => ({
  day,
  profile: 'p',
  host: 'h',
  model: 'm',
  requests: 1,
  promptTokens: tokens,
  completionTokens: 0,
  cachedTokens: 0,
  dollars,
});

it('never lets a budget be passed, whatever the replies take of what they may', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 30 }),
      fc.constantFrom('day', 'month', 'question'),
      fc.boolean(),
      async (shares, span, inMoney) => {
        const state = createMemoryState();
        const limit = inMoney ? { tokens: null, dollars: 0.006 } : { tokens: 5_000, dollars: null };
        const purse = createPurse({ ...none, [span]: limit }, state, now);
        const part = {};
        let used = { tokens: 0, dollars: 0 };
        for (const share of shares) {
          const planned = plan(part);
          const room = await purse.setAside(planned, never).catch((error: unknown) => error);
          if (typeof room !== 'number') {
            expect(room).toMatchObject({ code: 'limit' });
            break;
          }
          const usage = { promptTokens: 100, completionTokens: Math.floor(room * share), cachedTokens: 0 };
          const dollars = dollarsOf(price, usage);
          const tokens = usage.promptTokens + usage.completionTokens;
          state.settle(planned.id, { ...entry('2026-03-15', 0), ...usage, dollars });
          purse.use(part, { tokens, dollars });
          used = { tokens: used.tokens + tokens, dollars: used.dollars + dollars };
          expect(inMoney ? used.dollars <= 0.006 + 1e-12 : used.tokens <= 5_000).toBe(true);
        }
      },
    ),
  );
});

it('what is set aside for others counts, and is waited for', async () => {
  const state = createMemoryState();
  const purse = createPurse({ ...none, day: { tokens: 1_500, dollars: null } }, state, now);
  const first = plan({});
  expect(await purse.setAside(first, never)).toBe(1_000);
  const second = purse.setAside(plan({}), never);
  setTimeout(() => state.settle(first.id, entry('2026-03-15', 150)), 100);
  expect(await second).toBe(1_000);
});

it('shortens the last reply, and then says which budget is used up, by what, and what to do', async () => {
  const state = createMemoryState();
  const purse = createPurse({ ...none, month: { tokens: 2_000, dollars: null } }, state, now);
  state.settle('', entry('2026-02-28', 9_999));
  state.settle('', entry('2026-03-01', 1_500));
  expect(await purse.setAside(plan({}, { id: 'a' }), never)).toBe(400);
  state.settle('a', entry('2026-03-15', 300));
  await expect(purse.setAside(plan({}), never)).rejects.toMatchObject({
    code: 'limit',
    message:
      'The budget is used up: 1,800 of 2,000 tokens this month, and the next request takes 356 tokens or more',
    hint: expect.stringContaining('monthBudget'),
  });
  expect(purse.describe()).toEqual(['1,800 of 2,000 tokens this month']);
});

it('a budget in money needs a price, and one of a day forgets yesterday', async () => {
  const state = createMemoryState();
  const purse = createPurse({ ...none, day: { tokens: null, dollars: 0.01 } }, state, now);
  state.settle('', entry('2026-03-14', 1, 5));
  expect(await purse.setAside(plan({}), never)).toBe(1_000);
  await expect(purse.setAside(plan({}, { price: null }), never)).rejects.toMatchObject({
    code: 'usage',
    message: 'There is a budget in money, and nobody knows what m costs.',
  });
});

it('cached tokens have a price of their own, and small sums their digits', () => {
  const usage = { promptTokens: 1_000, completionTokens: 100, cachedTokens: 400 };
  expect(dollarsOf({ input: 1, cachedInput: 0.1, output: 2 }, usage)).toBeCloseTo(0.00084, 10);
  expect(dollarsOf({ input: 1, output: 2 }, usage)).toBeCloseTo(0.0012, 10);
  expect([0, 0.00084, 0.0123, 2].map(money)).toEqual(['$0.00', '$0.000840', '$0.012', '$2.00']);
  expect([1e-7, 0.00000025].map(money)).toEqual(['$0.0000001', '$0.00000025']);
});

it.each([
  ['50000 tokens', { tokens: 50_000, dollars: null }],
  ['50k tokens', { tokens: 50_000, dollars: null }],
  ['1.5M tokens, $2.50', { tokens: 1_500_000, dollars: 2.5 }],
  ['$2', { tokens: null, dollars: 2 }],
  ['2 USD', { tokens: null, dollars: 2 }],
  ['0.05$', { tokens: null, dollars: 0.05 }],
  ['50000', null],
  ['$0', null],
  ['-3 tokens', null],
  ['2 EUR', null],
  ['', null],
  ['$1, $2', null],
])('reads %j', (text, amount) => {
  expect(parseBudget(text)).toEqual(amount);
});
