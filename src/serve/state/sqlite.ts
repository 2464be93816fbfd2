import { z } from 'zod';
import { type Layouts, openStore, type Store } from '../../memory/store.ts';
import { type Count, type SharedState, StateLostError } from './state.ts';

const layouts: Layouts = [
  `CREATE TABLE kept (key TEXT PRIMARY KEY, value TEXT NOT NULL, until INTEGER NOT NULL) STRICT, WITHOUT ROWID;
   CREATE INDEX kept_until ON kept (until);
   CREATE TABLE message (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     channel TEXT NOT NULL,
     text TEXT NOT NULL,
     at INTEGER NOT NULL
   ) STRICT;`,
];

/** How often messages of other processes are looked for, and what has ended is swept out. */
const pollMilliseconds = 100;
const sweepMilliseconds = 60_000;

const valueSchema = z.string().optional();
const countSchema = z.object({ count: z.coerce.number(), until: z.number() });
const messagesSchema = z.array(z.object({ id: z.number(), channel: z.string(), text: z.string() }));

/**
 * Opens a state in a file that all workers on this machine share. Throws a SqlqError `failed` where the file can't be
 * opened.
 */
export async function openSqliteState(file: string): Promise<SharedState> {
  return sqliteState(await openStore(file, layouts));
}

function sqliteState(store: Store): SharedState {
  const read = store.prepare('SELECT value FROM kept WHERE key = ? AND until > ?').pluck();
  const write = store.prepare('INSERT OR REPLACE INTO kept (key, value, until) VALUES (?, ?, ?)');
  const remove = store.prepare('DELETE FROM kept WHERE key = ?');
  const claim = store.prepare(
    `INSERT INTO kept (key, value, until) VALUES (@key, @value, @until)
     ON CONFLICT DO UPDATE SET value = excluded.value, until = excluded.until WHERE kept.until <= @now`,
  );
  const replace = store.prepare(
    'UPDATE kept SET value = @after, until = @until WHERE key = @key AND value = @before AND until > @now',
  );
  const count = store.prepare(
    `INSERT INTO kept (key, value, until) VALUES (@key, @amount, @until)
     ON CONFLICT DO UPDATE SET
       value = CASE WHEN kept.until > @now THEN CAST(CAST(kept.value AS INTEGER) + @amount AS TEXT) ELSE excluded.value END,
       until = CASE WHEN kept.until > @now THEN kept.until ELSE excluded.until END
     RETURNING value AS count, until`,
  );
  const list = store
    .prepare(
      'SELECT key FROM kept WHERE substr(key, 1, length(@prefix)) = @prefix AND until > @now ORDER BY key',
    )
    .pluck();
  const send = store.prepare('INSERT INTO message (channel, text, at) VALUES (?, ?, ?)');
  const newest = store.prepare('SELECT coalesce(max(id), 0) FROM message').pluck();
  const arrived = store.prepare('SELECT id, channel, text FROM message WHERE id > ? ORDER BY id');
  const sweepKept = store.prepare('DELETE FROM kept WHERE until <= ?');
  const sweepMessages = store.prepare('DELETE FROM message WHERE at <= ?');

  const hearers = new Map<string, Set<(message: string) => void>>();
  let heard = 0;
  let isHealthy = true;
  let poll: NodeJS.Timeout | null = null;

  /** A full disk or a file that was taken away must not be told from a server that is gone. */
  async function attempt<Result>(work: () => Result): Promise<Result> {
    try {
      const result = work();
      isHealthy = true;
      return result;
    } catch (error) {
      isHealthy = false;
      throw new StateLostError(error);
    }
  }

  function deliver(): void {
    for (const { id, channel, text } of messagesSchema.parse(arrived.all(heard))) {
      heard = id;
      for (const hear of hearers.get(channel) ?? []) {
        hear(text);
      }
    }
  }

  const sweep = setInterval(() => {
    void attempt(() => {
      sweepKept.run(Date.now());
      sweepMessages.run(Date.now() - sweepMilliseconds);
    }).catch(() => {});
  }, sweepMilliseconds);
  sweep.unref();

  return {
    kind: 'sqlite',
    get healthy() {
      return isHealthy;
    },
    get: (key) => attempt(() => valueSchema.parse(read.get(key, Date.now())) ?? null),
    set: (key, value, milliseconds) => attempt(() => void write.run(key, value, endOf(milliseconds))),
    delete: (key) => attempt(() => void remove.run(key)),
    claim: (key, value, milliseconds) =>
      attempt(() => claim.run({ key, value, until: endOf(milliseconds), now: Date.now() }).changes > 0),
    replace: (key, before, after, milliseconds) =>
      attempt(
        () => replace.run({ key, before, after, until: endOf(milliseconds), now: Date.now() }).changes > 0,
      ),
    count: (key, amount, milliseconds): Promise<Count> =>
      attempt(() => {
        const now = Date.now();
        const row = count.get({ key, amount: BigInt(amount), until: endOf(milliseconds), now });
        const { count: sum, until } = countSchema.parse(row);
        return { count: sum, milliseconds: until - now };
      }),
    keys: (prefix) => attempt(() => z.array(z.string()).parse(list.all({ prefix, now: Date.now() }))),
    publish: (channel, message) =>
      attempt(() => {
        send.run(channel, message, Date.now());
        if (poll !== null) {
          deliver();
        }
      }),
    subscribe: (channel, hear) =>
      attempt(() => {
        if (poll === null) {
          heard = Number(newest.get());
          poll = setInterval(() => void attempt(deliver).catch(() => {}), pollMilliseconds);
          poll.unref();
        }
        const all = hearers.get(channel) ?? new Set();
        hearers.set(channel, all.add(hear));
        return () => void all.delete(hear);
      }),
    async close() {
      clearInterval(sweep);
      clearInterval(poll ?? undefined);
      store.close();
    },
  };
}

function endOf(milliseconds: number): number {
  return Date.now() + Math.ceil(milliseconds);
}
