import { mkdtemp, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { redisOf } from '../../src/config/redis.ts';
import { openState } from '../../src/serve/state/open.ts';
import { type SharedState, StateLostError } from '../../src/serve/state/state.ts';
import { type Certificates, makeCertificates } from '../support/certificates.ts';
import { type RedisServer, redisProgram, startRedis } from '../support/redis-server.ts';
import { until } from '../support/until.ts';

const hasRedis = (await redisProgram()) !== null;
const minute = 60_000;

/** What every store of shared state holds: `open` opens it once more, as another worker or instance does. */
function contract(open: () => Promise<SharedState>): void {
  let one: SharedState;
  let other: SharedState;
  beforeAll(async () => {
    one = await open();
    other = await open();
  });
  afterAll(async () => {
    await one.close();
    await other.close();
  });

  it('keeps a text for all, until it is deleted', async () => {
    expect(await one.get('text')).toBeNull();
    await one.set('text', 'Grüße 😀\n\0', minute);
    expect(await other.get('text')).toBe('Grüße 😀\n\0');
    await other.set('text', '', minute);
    expect(await one.get('text')).toBe('');
    await one.delete('text');
    expect(await other.get('text')).toBeNull();
  });

  it('keeps a text no longer than it was told', async () => {
    await one.set('short', 'x', 40);
    await until(async () => (await other.get('short')) === null);
    expect(await other.keys('short')).toEqual([]);
    expect(await other.claim('short', 'y', minute)).toBe(true);
    expect(await one.get('short')).toBe('y');
  });

  it('gives what is claimed to one alone', async () => {
    const all = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        (index % 2 ? one : other).claim('claimed', `${index}`, minute),
      ),
    );
    expect(all.filter(Boolean)).toHaveLength(1);
    expect(await one.get('claimed')).toBe(`${all.indexOf(true)}`);
  });

  it('replaces exactly what was there', async () => {
    expect(await one.replace('turn', '', '1', minute)).toBe(false);
    await one.set('turn', '1', minute);
    const all = await Promise.all(
      Array.from({ length: 20 }, (_, index) => (index % 2 ? one : other).replace('turn', '1', '2', minute)),
    );
    expect(all.filter(Boolean)).toHaveLength(1);
    expect(await other.get('turn')).toBe('2');
    await one.set('over', '1', 30);
    await until(async () => (await one.get('over')) === null);
    expect(await other.replace('over', '1', '2', minute)).toBe(false);
  });

  it('counts all that is added, and begins anew after its time', async () => {
    await Promise.all(
      Array.from({ length: 50 }, (_, index) => (index % 2 ? one : other).count('hits', 2, minute)),
    );
    const { count, milliseconds } = await one.count('hits', 1, minute);
    expect(count).toBe(101);
    expect(milliseconds).toBeGreaterThan(minute / 2);
    expect(milliseconds).toBeLessThanOrEqual(minute);
    await one.count('brief', 1, 50);
    await until(async () => (await other.get('brief')) === null);
    expect((await other.count('brief', 3, minute)).count).toBe(3);
  });

  it('does not move the end of a count with each addition', async () => {
    const first = await one.count('window', 1, 500);
    await until(async () => (await one.count('window', 0, minute)).milliseconds < first.milliseconds - 20);
    await until(async () => (await one.get('window')) === null);
  });

  it('lists keys by what they begin with, whatever signs are in them', async () => {
    const keys = ['list:a*b', 'list:a[x]b', 'list:a?', 'list:a\\b', 'list:a%b_', 'listen'];
    for (const key of keys) {
      await one.set(key, '1', minute);
    }
    expect([...(await other.keys('list:'))].sort()).toEqual(keys.filter((key) => key !== 'listen').sort());
    expect(await other.keys('list:a*')).toEqual(['list:a*b']);
    expect(await other.keys('list:a[x]')).toEqual(['list:a[x]b']);
    expect(await other.keys('list:a\\')).toEqual(['list:a\\b']);
    expect(await other.keys('list:a%')).toEqual(['list:a%b_']);
  });

  it('tells all who listen, whoever told it too, until they no longer do', async () => {
    const heard: string[] = [];
    const stop = await one.subscribe('news', (message) => heard.push(`one ${message}`));
    await other.subscribe('news', (message) => heard.push(`other ${message}`));
    await other.subscribe('else', (message) => heard.push(`else ${message}`));
    await one.publish('news', 'a');
    await until(() => heard.length === 2);
    expect(heard.sort()).toEqual(['one a', 'other a']);
    stop();
    await other.publish('news', 'b');
    await other.publish('else', 'c');
    await until(() => heard.includes('else c') && heard.includes('other b'));
    expect(heard).not.toContain('one b');
  });

  it('is healthy', () => {
    expect(one.healthy).toBe(true);
  });
}

describe('the state of one machine', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sqlq-state-'));
  const file = join(folder, 'serve', 'state.sqlite');
  contract(() => openState(null, file));

  it('is in a file that its user alone may read', async () => {
    const { mode } = await stat(file);
    expect(mode & 0o777).toBe(0o600);
  });

  it('outlives its process', async () => {
    const first = await openState(null, file);
    await first.set('lasting', 'yes', minute);
    await first.close();
    const second = await openState(null, file);
    expect(await second.get('lasting')).toBe('yes');
    await second.close();
  });
});

describe.skipIf(!hasRedis)('the state of several machines', () => {
  let server: RedisServer;
  const address = () => ({ url: server.url, prefix: 'test:', authority: null });
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server.stop());
  contract(() => openState(address(), ''));

  it('stays within its prefix', async () => {
    const other = await openState({ url: server.url, prefix: 'other:', authority: null }, '');
    expect(await other.keys('')).toEqual([]);
    const heard: string[] = [];
    await other.subscribe('room', (message) => heard.push(message));
    const ours = await openState(address(), '');
    await ours.publish('room', 'not for you');
    await other.publish('room', 'for you');
    await until(() => heard.length > 0);
    expect(heard).toEqual(['for you']);
    await ours.close();
    await other.close();
  });
});

describe.skipIf(!hasRedis)('a Redis that is lost', () => {
  let server: RedisServer;
  const address = () => ({ url: server.url, prefix: 'test:', authority: null });
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server.stop());

  it('is said, at once, by all that is asked of it, and is found again', async () => {
    const state = await openState(address(), '');
    const heard: string[] = [];
    await state.subscribe('news', (message) => heard.push(message));
    await server.kill();
    await until(() => !state.healthy);
    const asked = [
      state.get('a'),
      state.set('a', '1', minute),
      state.delete('a'),
      state.claim('a', '1', minute),
      state.replace('a', '1', '2', minute),
      state.count('a', 1, minute),
      state.keys('a'),
      state.publish('news', '1'),
    ];
    for (const one of await Promise.allSettled(asked)) {
      expect(one).toMatchObject({ status: 'rejected', reason: expect.any(StateLostError) });
    }
    await server.restart();
    await until(() => state.healthy);
    await until(async () => {
      await state.publish('news', '2').catch(() => {});
      return heard.includes('2');
    });
    await state.close();
  });

  it('is noticed where it ends no connection', async () => {
    const state = await openState(address(), '');
    server.pause();
    await until(() => !state.healthy);
    await expect(state.claim('lock', 'mine', minute)).rejects.toThrow(StateLostError);
    server.resume();
    await until(() => state.healthy);
    expect(await state.claim('lock', 'mine', minute)).toBe(true);
    await state.close();
  });

  it('is waited for where it is not there at the start', async () => {
    await server.kill();
    const heard: boolean[] = [];
    const state = await openState(address(), '', (isHealthy) => heard.push(isHealthy));
    expect(state.healthy).toBe(false);
    expect(heard).toEqual([false]);
    await expect(state.get('a')).rejects.toThrow(StateLostError);
    await server.restart();
    await until(() => state.healthy);
    expect(await state.get('a')).toBeNull();
    expect(heard).toEqual([false, true]);
    await server.kill();
    await until(() => !state.healthy);
    await server.restart();
    await until(() => state.healthy);
    expect(heard).toEqual([false, true, false, true]);
    await state.close();
    expect(heard).toEqual([false, true, false, true]);
  });
});

describe.skipIf(!hasRedis)('a Redis with a password and TLS', () => {
  let server: RedisServer;
  let certificates: Certificates;
  beforeAll(async () => {
    certificates = await makeCertificates();
    server = await startRedis({ password: 'pass word/1', certificates });
  });
  afterAll(() => server.stop());

  it('is opened with both', async () => {
    const authority = join(certificates.folder, 'ca.pem');
    const state = await openState({ url: server.url, prefix: '', authority }, '');
    await state.set('a', 'b', minute);
    expect(await state.get('a')).toBe('b');
    await state.close();
  });

  it.each([
    ['another password', 'guess', 'ca.pem', /refuses the user or the password/u],
    ['no password', '', 'ca.pem', /refuses the user or the password/u],
    ['a certificate of nobody who is known', null, null, /certificate of Redis can't be trusted/u],
    ['another authority', null, 'selfSigned.pem', /certificate of Redis can't be trusted/u],
    ['an authority that is not there', null, 'none.pem', /REDIS_CA can't be read/u],
  ])('is not opened with %s', async (_what, password, file, problem) => {
    const url = new URL(server.url);
    url.password = password ?? url.password;
    const authority = file === null ? null : join(certificates.folder, file);
    const opened = openState({ url: url.href, prefix: '', authority }, '');
    await expect(opened).rejects.toThrow(problem);
    await expect(opened).rejects.not.toThrow(/guess|pass word/u);
  });
});

describe('REDIS_URL', () => {
  it('is read with its prefix, and not repeated where it is none', () => {
    expect(redisOf({})).toBeNull();
    expect(redisOf({ REDIS_URL: '' })).toBeNull();
    expect(redisOf({ REDIS_URL: 'rediss://:secret@h:1/2' })).toEqual({
      url: 'rediss://:secret@h:1/2',
      prefix: 'sqlq:',
      authority: null,
    });
    expect(redisOf({ REDIS_URL: 'redis://h', REDIS_PREFIX: 'team:' })?.prefix).toBe('team:');
    for (const url of ['h:6379', 'http://:secret@h', 'redis://', ':secret@h']) {
      expect(() => redisOf({ REDIS_URL: url })).toThrow(/REDIS_URL is no address/u);
      expect(() => redisOf({ REDIS_URL: url })).not.toThrow(/secret/u);
    }
  });
});
