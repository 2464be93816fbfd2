import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NewAnswer, PastAnswer } from '../../../src/memory/history.ts';
import type { Remembered } from '../../../src/memory/remembered.ts';
import { sharedMemory } from '../../../src/serve/accounts/shared-memory.ts';
import { openUsers } from '../../../src/serve/accounts/store/open.ts';
import type { Sql } from '../../../src/serve/accounts/store/sql.ts';
import { addUser, removeUser, type User, usualRights } from '../../../src/serve/accounts/user.ts';
import { type UserPlace, userStores } from '../../support/user-stores.ts';

const day = 24 * 60 * 60_000;
const now = new Date('2026-11-02T10:00:00Z');
const caps = { days: 30, answers: 100 };
const place = 'sqlite:/shop';

describe.each(userStores)('what users of all instances have asked, in $name', ({ make }) => {
  let users: UserPlace;
  let sql: Sql;
  let one: Remembered;
  let other: Remembered;
  let ana: User;
  let ben: User;
  beforeEach(async () => {
    users = await make();
    sql = await openUsers(users.place);
    const add = (name: string): Promise<User> =>
      addUser(sql, { name, ...usualRights, password: null, issuer: null, subject: null }, now);
    [ana, ben] = [await add('ana'), await add('ben')];
    [one, other] = [sharedMemory(sql), sharedMemory(sql)];
  });
  afterEach(async () => {
    await sql.close();
    await users.drop();
  });

  const asked = (question: string, more: Partial<NewAnswer> = {}): NewAnswer => ({
    who: ana.id,
    place,
    name: 'shop',
    question,
    sql: `SELECT '${question}'`,
    assumptions: ['“a” is b'],
    provider: 'p',
    model: 'm',
    outcome: 'dry-run',
    rows: null,
    ...more,
  });
  const listed = async (who: User): Promise<readonly PastAnswer[]> => other.list(who.id, 10);

  it('is the same for each of them, and of each user alone', async () => {
    const first = await one.add(asked('first'), caps, now);
    const second = await other.add(asked('second'), caps, now);
    await one.add(asked('of ben', { who: ben.id }), caps, now);
    expect(second).toBeGreaterThan(first);
    expect(await listed(ana)).toEqual([
      expect.objectContaining({ id: second, ...asked('second'), at: now.toISOString(), verdict: null }),
      expect.objectContaining({ id: first, question: 'first' }),
    ]);
    expect(await one.list(ana.id, 10, second)).toMatchObject([{ id: first }]);
    expect(await one.list(ana.id, 1)).toMatchObject([{ id: second }]);
    const run = { conversation: 'c', outcome: 'answered', rows: 3 };
    // Whoever knows a number changes nothing of another's.
    await other.noteRun(ben.id, first, run);
    expect((await listed(ana))[1]).toMatchObject({ rows: null });
    await other.noteRun(ana.id, first, run);
    expect((await listed(ana))[1]).toMatchObject(run);
    expect(await other.questionOf(place, "SELECT 'first'", ana.id)).toBe('first');
    expect(await other.questionOf(place, "SELECT 'first'", ben.id)).toBeNull();
  });

  it('teaches examples, and what was bad, to each user alone', async () => {
    await one.add(asked('revenue by month'), caps, now);
    const [answer] = await listed(ana);
    expect(answer).toBeDefined();
    if (answer === undefined) {
      return;
    }
    const kept = await one.markGood(answer, now);
    const example = { id: kept, who: ana.id, question: 'revenue by month', source: 'model' };
    expect(await other.examples(place, [ana.id])).toMatchObject([example]);
    expect(await other.examples(place, [ben.id])).toEqual([]);
    expect(await other.examples('sqlite:/other', [ana.id])).toEqual([]);
    expect(await other.examples(place, [])).toEqual([]);
    // The same question again takes its place.
    expect(await other.markBad({ ...answer, question: 'Revenue by months' }, 'SELECT 2', now)).toBe(kept);
    expect(await one.examples(place, [ana.id])).toMatchObject([{ sql: 'SELECT 2', source: 'user' }]);
    expect(await one.markBad({ ...answer, sql: 'SELECT 2' }, null, now)).toBeNull();
    expect(await other.examples(place, [ana.id])).toEqual([]);
    expect(await other.badAnswers(place, 'revenue by month', ana.id)).toEqual([answer.sql]);
    expect(await other.badAnswers(place, 'revenue by month', ben.id)).toEqual([]);
    expect(await listed(ana)).toMatchObject([{ verdict: 'bad' }]);
  });

  it('goes with its user, and as it grows old or too much', async () => {
    await one.add(asked('of ben', { who: ben.id }), caps, now);
    await one.add(asked('old'), caps, new Date(now.getTime() - 60 * day));
    await one.add(asked('of last week'), caps, new Date(now.getTime() - 8 * day));
    for (let number = 0; number < 40; number += 1) {
      await one.add(asked(`question ${number}`), { days: 30, answers: 5 }, now);
    }
    const left = (await other.list(ana.id, 100)).map(({ question }) => question);
    expect(left.length).toBeLessThan(5 + 20);
    expect(left[0]).toBe('question 39');
    expect(left).not.toContain('old');
    expect(await listed(ben)).toHaveLength(1);
    await removeUser(sql, ana);
    expect(await listed(ana)).toEqual([]);
    expect(await listed(ben)).toHaveLength(1);
  });
});
