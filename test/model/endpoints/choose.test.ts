import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Candidate, choose, percentile, turnsAfter } from '../../../src/model/endpoints/choose.ts';
import { strategies } from '../../../src/model/endpoints/strategies.ts';

const fresh = (key: string, weight = 1): Candidate => ({ key, weight, turn: 0, active: 0, latency: null });
const weights = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 8 });
const busy = fc
  .array(
    fc.record({
      weight: fc.integer({ min: 1, max: 9 }),
      turn: fc.integer({ min: -50, max: 50 }),
      active: fc.integer({ min: 0, max: 9 }),
      latency: fc.option(fc.integer({ min: 1, max: 9_000 })),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .map((list) => list.map((one, index) => ({ ...one, key: `server ${index}` })));

/** How many of some questions each of several servers gets, by their turns. */
function shares(servers: readonly Candidate[], questions: number, strategy: (typeof strategies)[number]) {
  let now = servers;
  const counts = servers.map(() => 0);
  for (let question = 0; question < questions; question++) {
    const chosen = choose(strategy, now, `database ${question}`) ?? -1;
    counts[chosen] = (counts[chosen] ?? 0) + 1;
    const turns = turnsAfter(now, chosen);
    now = now.map((server, index) => ({ ...server, turn: turns[index] ?? 0 }));
  }
  return counts;
}

describe('round robin', () => {
  it('gives each its weight, exactly, after each round', () => {
    fc.assert(
      fc.property(weights, fc.integer({ min: 1, max: 4 }), (given, rounds) => {
        const servers = given.map((weight, index) => fresh(`s${index}`, weight));
        const total = given.reduce((sum, weight) => sum + weight, 0);
        expect(shares(servers, rounds * total, 'round-robin')).toEqual(
          given.map((weight) => weight * rounds),
        );
      }),
    );
  });

  it('does not make up for the time in which a server was away', () => {
    const turns = turnsAfter([fresh('a'), fresh('b')], 0);
    const back = { ...fresh('c') };
    const all = [{ ...fresh('a'), turn: turns[0] ?? 0 }, { ...fresh('b'), turn: turns[1] ?? 0 }, back];
    const counts = shares(all, 30, 'round-robin');
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
  });
});

describe('every strategy', () => {
  it('chooses one of those that there are, and none of none', () => {
    fc.assert(
      fc.property(busy, fc.constantFrom(...strategies), fc.string(), (servers, strategy, stickTo) => {
        const chosen = choose(strategy, servers, stickTo);
        expect(servers[chosen ?? -1]).toBeDefined();
        expect(choose(strategy, [], stickTo)).toBeNull();
      }),
    );
  });
});

describe('least busy', () => {
  it('chooses a server with the fewest questions for its weight', () => {
    fc.assert(
      fc.property(busy, (servers) => {
        const load = ({ active, weight }: Candidate): number => (active + 1) / weight;
        const chosen = servers[choose('least-busy', servers, '') ?? -1];
        expect(chosen && load(chosen)).toBe(Math.min(...servers.map(load)));
      }),
    );
  });
});

describe('fastest', () => {
  it('chooses the soonest answer, once each is known', () => {
    fc.assert(
      fc.property(busy, (servers) => {
        const known = servers.map((server) => ({ ...server, latency: server.latency ?? 1 }));
        const wait = ({ active, latency }: (typeof known)[number]): number => latency * (active + 1);
        const chosen = known[choose('fastest', known, '') ?? -1];
        expect(chosen && wait(chosen)).toBe(Math.min(...known.map(wait)));
      }),
    );
  });

  it('tries who is unknown, by one question at a time', () => {
    const known = { ...fresh('known'), latency: 10 };
    expect(choose('fastest', [known, fresh('new')], '')).toBe(1);
    expect(choose('fastest', [known, { ...fresh('new'), active: 1 }], '')).toBe(0);
  });
});

describe('sticky', () => {
  const keyOf = (servers: readonly Candidate[], stickTo: string): string =>
    servers[choose('sticky', servers, stickTo) ?? -1]?.key ?? '';

  it('stays, whatever the order, however busy; and moves only what a server had that went', () => {
    fc.assert(
      fc.property(busy, fc.string(), fc.nat(), (servers, stickTo, which) => {
        const key = keyOf(servers, stickTo);
        const others = servers
          .map((server) => ({ ...server, active: 0, turn: 0, latency: null }))
          .toReversed();
        expect(keyOf(others, stickTo)).toBe(key);
        const left = servers.filter((_, index) => index !== which % servers.length);
        if (left.some((server) => server.key === key)) {
          expect(keyOf(left, stickTo)).toBe(key);
        }
      }),
    );
  });

  it('shares databases by weight', () => {
    const [one = 0, three = 0] = shares([fresh('a', 1), fresh('b', 3)], 4_000, 'sticky');
    expect(three / one).toBeGreaterThan(2.7);
    expect(three / one).toBeLessThan(3.3);
  });
});

it('a percentile of too few says nothing', () => {
  expect(percentile([1, 2, 3], 95, 20)).toBeNull();
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect(percentile(hundred, 95, 20)).toBe(96);
});
