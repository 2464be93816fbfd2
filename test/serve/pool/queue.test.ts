import { describe, expect, it } from 'vitest';
import { HttpError } from '../../../src/serve/http-error.ts';
import { createQueue } from '../../../src/serve/pool/queue.ts';

const never = new AbortController().signal;

/** Enters for each of these users, and notes in which order they got in. */
function enterAll(queue: ReturnType<typeof createQueue>, users: readonly string[]) {
  const order: string[] = [];
  const leaves: (() => void)[] = [];
  for (const user of users) {
    queue.enter(user, never).then(
      (leave) => {
        order.push(user);
        leaves.push(leave);
      },
      (error: unknown) => order.push(error instanceof HttpError ? `${user}: ${error.code}` : 'bug'),
    );
  }
  return { order, leaves };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a queue', () => {
  it('lets so many in, and the others in the order in which they came', async () => {
    const queue = createQueue({ name: 'it', atOnce: 2, mostWaiting: 10 });
    const { order, leaves } = enterAll(queue, ['a1', 'a2', 'b', 'c']);
    await settled();
    expect(order).toEqual(['a1', 'a2']);
    leaves[1]?.();
    await settled();
    expect(order).toEqual(['a1', 'a2', 'b']);
    // To leave twice frees no second place.
    leaves[1]?.();
    await settled();
    expect(order).toEqual(['a1', 'a2', 'b']);
    leaves[0]?.();
    await settled();
    expect(order).toEqual(['a1', 'a2', 'b', 'c']);
  });

  it('lets users take turns', async () => {
    const queue = createQueue({ name: 'it', atOnce: 1, mostWaiting: 10 });
    const { order, leaves } = enterAll(queue, ['x', 'many', 'many', 'many', 'one', 'two']);
    for (let left = 0; left < 5; left += 1) {
      await settled();
      leaves[left]?.();
    }
    await settled();
    expect(order).toEqual(['x', 'many', 'one', 'two', 'many', 'many']);
  });

  it('lets no user take all there is', async () => {
    const queue = createQueue({ name: 'it', atOnce: 3, mostOfUser: 2, mostWaiting: 10 });
    const { order, leaves } = enterAll(queue, ['many', 'many', 'many', 'many', 'one']);
    await settled();
    expect(order).toEqual(['many', 'many', 'one']);
    leaves[2]?.();
    await settled();
    expect(order).toHaveLength(3);
    leaves[0]?.();
    await settled();
    expect(order).toEqual(['many', 'many', 'one', 'many']);
  });

  it('refuses the newest of whom most wait, where somebody comes of whom fewer do', async () => {
    const queue = createQueue({ name: 'it', atOnce: 1, mostWaiting: 3 });
    const { order, leaves } = enterAll(queue, ['many', 'many', 'many', 'many', 'one']);
    await settled();
    expect(order).toEqual(['many', 'many: busy']);
    enterAll(queue, ['many']);
    leaves[0]?.();
    await settled();
    leaves[1]?.();
    await settled();
    expect(order).toEqual(['many', 'many: busy', 'many', 'one']);
  });

  it('refuses who comes when too many wait, and says when to come again', async () => {
    const queue = createQueue({ name: 'the database shop', atOnce: 1, mostWaiting: 1 });
    await queue.enter('a', never);
    const waits = queue.enter('b', never);
    const refused = await queue.enter('c', never).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'busy', message: expect.stringContaining('the database shop') });
    expect(refused instanceof HttpError ? refused.retryAfter : 0).toBeGreaterThanOrEqual(1);
    queue.close(new Error('over'));
    await expect(waits).rejects.toThrow('over');
    await expect(queue.enter('d', never)).rejects.toThrow('over');
  });

  it('gives the place of one who goes away to the next', async () => {
    const told: string[] = [];
    const queue = createQueue({
      name: 'it',
      atOnce: 1,
      mostWaiting: 2,
      observe: (waiting, running) => told.push(`${waiting}/${running}`),
    });
    const leave = await queue.enter('a', never);
    const controller = new AbortController();
    const gone = queue.enter('b', controller.signal).catch((error: unknown) => error);
    const next = queue.enter('c', never);
    const reason = new Error('went away');
    controller.abort(reason);
    expect(await gone).toBe(reason);
    leave();
    (await next)();
    expect(told).toEqual(['0/1', '1/1', '2/1', '1/1', '0/1', '0/0']);
  });
});
