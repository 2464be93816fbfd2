import { setTimeout as sleep } from 'node:timers/promises';
import { SqlqError } from '../../errors.ts';
import { dayOf } from './clock.ts';
import { dollarsOf, free, money, type Price } from './price.ts';
import { type Amount, type ModelState, nothing, sumOf } from './state.ts';

/** What may be used; null for no limit. */
export interface BudgetAmount {
  readonly tokens: number | null;
  readonly dollars: number | null;
}

/** The time that a budget is for. */
export type BudgetSpan = 'question' | 'day' | 'month';

export type Budgets = Readonly<Record<BudgetSpan, BudgetAmount | null>>;

/** A request that a budget has to have room for. */
export interface Planned {
  readonly id: string;
  /** The question that it is a part of. */
  readonly part: object;
  readonly promptTokens: number;
  /** The longest reply that it may get. */
  readonly mostTokens: number;
  readonly model: string;
  /** Null where nobody knows it. */
  readonly price: Price | null;
  /** Milliseconds until it is over at the latest. */
  readonly left: number;
}

/** What the budgets of a user leave for the next request. */
export interface Purse {
  /**
   * Sets aside what a request can use at most, and gives back how long its reply may be; waits where requests under way
   * have set aside what is missing. Rejects with a SqlqError `limit` where a budget is used up.
   */
  setAside(planned: Planned, signal: AbortSignal): Promise<number>;
  /** Counts what a question has used. */
  use(part: object, amount: Amount): void;
  /** What a question has used so far. */
  usedFor(part: object): Amount;
  /** How much of each budget is used, a line each. */
  describe(): readonly string[];
  /** The largest share of a day's or month's budget that is used. */
  share(): number;
}

/** A reply that is shorter is none. */
const leastReply = 256;
const pollMilliseconds = 50;

/** A purse without budgets, which has room for everything, and one with some. */
export function createPurse(budgets: Budgets, state: ModelState, now: () => Date): Purse {
  const byQuestion = new WeakMap<object, Amount>();
  const usedIn: Readonly<Record<BudgetSpan, (part: object) => Amount>> = {
    question: (part) => byQuestion.get(part) ?? nothing,
    day: () => state.usedSince(dayOf(now())),
    month: () => state.usedSince(`${dayOf(now()).slice(0, 8)}01`),
  };
  const limits = (['question', 'day', 'month'] as const).flatMap((span) => {
    const limit = budgets[span];
    return limit === null ? [] : [{ span, limit }];
  });
  return {
    async setAside(planned, signal) {
      const { id, part, mostTokens, left } = planned;
      if (limits.length === 0) {
        return mostTokens;
      }
      requirePrice(limits, planned);
      const end = performance.now() + left;
      const least = Math.min(leastReply, mostTokens);
      for (;;) {
        const isLate = performance.now() >= end;
        // The room is measured and taken in one step, so that no two processes take the same.
        const { room, used } = state.setAside<{ room: number | null; used: readonly Amount[] }>(
          { id, process: process.pid, until: Date.now() + left },
          (others) => {
            const used = limits.map(({ span }) => usedIn[span](part));
            const roomBeside = (aside: Amount): number => {
              const rooms = limits.map(({ span, limit }, index) =>
                // What others have set aside is for other questions.
                replyRoom(
                  limit,
                  sumOf([used[index] ?? nothing, span === 'question' ? nothing : aside]),
                  planned,
                ),
              );
              return Math.floor(Math.min(mostTokens, ...rooms));
            };
            const room = roomBeside(others);
            // A reply is not cut short for what others will hardly use.
            const wanted = isLate ? least : Math.max(least, roomBeside(nothing));
            return room < wanted
              ? { amount: null, value: { room: null, used } }
              : { amount: mostOf(planned, room), value: { room, used } };
          },
        );
        if (room !== null) {
          return room;
        }
        for (const [index, { span, limit }] of limits.entries()) {
          const before = used[index] ?? nothing;
          if (replyRoom(limit, before, planned) < least || isLate) {
            throw usedUp(span, limit, before, planned);
          }
        }
        await sleep(pollMilliseconds, undefined, { signal }).catch(() => signal.throwIfAborted());
      }
    },
    use(part, amount) {
      byQuestion.set(part, sumOf([byQuestion.get(part) ?? nothing, amount]));
    },
    usedFor: usedIn.question,
    describe: () =>
      limits.map(({ span, limit }) =>
        span === 'question'
          ? `at most ${inWords(limit)} a question`
          : `${partInWords(usedIn[span]({}), limit)} ${inTime[span]}`,
      ),
    share: () =>
      Math.max(
        0,
        ...limits.flatMap(({ span, limit }) => {
          const used = usedIn[span]({});
          return [
            limit.tokens === null ? 0 : used.tokens / limit.tokens,
            limit.dollars === null ? 0 : used.dollars / limit.dollars,
          ];
        }),
      ),
  };
}

const inTime: Readonly<Record<BudgetSpan, string>> = {
  question: 'for this question',
  day: 'today',
  month: 'this month',
};

/** The most that a request can use with a reply of so many tokens. */
function mostOf({ price, promptTokens }: Planned, completionTokens: number): Amount {
  const dollars = dollarsOf(price ?? free, { promptTokens, completionTokens, cachedTokens: null });
  return { tokens: promptTokens + completionTokens, dollars };
}

/** How many tokens of reply a budget has room for, after the prompt; below 0 where not even for that. */
function replyRoom({ tokens, dollars }: BudgetAmount, used: Amount, planned: Planned): number {
  const { promptTokens, price } = planned;
  const ofTokens = tokens === null ? Number.POSITIVE_INFINITY : tokens - used.tokens - promptTokens;
  if (dollars === null || price === null) {
    return ofTokens;
  }
  const left = dollars - used.dollars - mostOf(planned, 0).dollars;
  const ofDollars = price.output > 0 ? (left * 1e6) / price.output : left < 0 ? -1 : Number.POSITIVE_INFINITY;
  return Math.min(ofTokens, ofDollars);
}

/** A budget in money holds only where the price is known. */
function requirePrice(limits: readonly { readonly limit: BudgetAmount }[], { price, model }: Planned): void {
  if (price === null && limits.some(({ limit }) => limit.dollars !== null)) {
    throw new SqlqError('usage', `There is a budget in money, and nobody knows what ${model} costs.`, {
      hint: `Say it in the profile, in dollars for a million tokens: prices: {${JSON.stringify(model)}: {input: 0.25, output: 2}}`,
    });
  }
}

function usedUp(span: BudgetSpan, limit: BudgetAmount, used: Amount, planned: Planned): SqlqError {
  const next = inWords(mostOf(planned, Math.min(leastReply, planned.mostTokens)), limit);
  const setting = { question: '--budget', day: 'dayBudget', month: 'monthBudget' }[span];
  return new SqlqError(
    'limit',
    `The budget is used up: ${partInWords(used, limit)} ${inTime[span]}, and the next request takes ${next} or more`,
    {
      hint: `Raise ${setting}, or send fewer tables with --include. \`sqlq usage\` shows what used it.`,
    },
  );
}

/** `1,200 of 50,000 tokens` */
function partInWords(used: Amount, limit: BudgetAmount): string {
  return [
    ...(limit.tokens === null ? [] : [`${whole(used.tokens)} of ${whole(limit.tokens)} tokens`]),
    ...(limit.dollars === null ? [] : [`${money(used.dollars)} of ${money(limit.dollars)}`]),
  ].join(' and ');
}

function inWords(
  { tokens, dollars }: BudgetAmount,
  shown: { readonly tokens: number | null; readonly dollars: number | null } = { tokens, dollars },
): string {
  return [
    ...(tokens === null || shown.tokens === null ? [] : [`${whole(tokens)} tokens`]),
    ...(dollars === null || shown.dollars === null ? [] : [money(dollars)]),
  ].join(' and ');
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en');
}
