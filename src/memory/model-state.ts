import { rename, rm } from 'node:fs/promises';
import { z } from 'zod';
import { messageOf } from '../errors.ts';
import { type EndpointRecord, freshRecord, readRecord, tidied } from '../model/endpoints/record.ts';
import { createMemoryState, type Entry, type ModelState, sumOf } from '../model/endpoints/state.ts';
import { type Layouts, openStore, type Store } from './store.ts';

const layouts: Layouts = [
  `CREATE TABLE endpoint (key TEXT PRIMARY KEY, record TEXT NOT NULL) STRICT;
   CREATE TABLE reservation (
     id TEXT PRIMARY KEY,
     process INTEGER NOT NULL,
     until INTEGER NOT NULL,
     tokens INTEGER NOT NULL,
     dollars REAL NOT NULL
   ) STRICT;
   CREATE TABLE used (
     day TEXT NOT NULL,
     profile TEXT NOT NULL,
     host TEXT NOT NULL,
     model TEXT NOT NULL,
     requests INTEGER NOT NULL,
     promptTokens INTEGER NOT NULL,
     completionTokens INTEGER NOT NULL,
     cachedTokens INTEGER NOT NULL,
     dollars REAL,
     PRIMARY KEY (day, profile, host, model)
   ) STRICT;`,
];

/** A state, and what to tell the user where it is not the one that was wanted. */
export interface OpenedState {
  readonly state: ModelState;
  readonly warning: string | null;
}

/**
 * Opens the state in a file that all processes of a user share. A file that is broken or another program's is put aside
 * and a new one is made; where none can be had, the state lasts for this run alone. Never rejects.
 */
export async function openModelState(file: string): Promise<OpenedState> {
  try {
    const { store, warning } = await openOrReplace(file);
    return { state: lasting(sqliteState(store)), warning };
  } catch (error) {
    return {
      state: createMemoryState(),
      warning: `What is known of model servers is not shared with other runs, and what they use is not kept: ${messageOf(error)}`,
    };
  }
}

async function openOrReplace(file: string): Promise<{ store: Store; warning: string | null }> {
  // Twice: another process may have put a broken file aside a moment ago.
  for (let tries = 0; tries < 2; tries++) {
    try {
      return { store: checked(await openStore(file, layouts)), warning: null };
    } catch (error) {
      if (!isUnreadable(error)) {
        throw error;
      }
    }
  }
  const aside = `${file}.broken-${Date.now()}`;
  await rename(file, aside);
  // A log of the old file would be played into the new one.
  await Promise.all(['-wal', '-shm'].map((end) => rm(file + end, { force: true })));
  return {
    store: await openStore(file, layouts),
    warning: `${file} could not be read and is now ${aside}: what earlier questions used no longer counts for a budget.`,
  };
}

/** A state that goes on in this process alone where its file fails in the middle of a run, such as on a full disk. */
function lasting(state: ModelState): ModelState {
  const spare = createMemoryState();
  const either = <Value>(from: (state: ModelState) => Value): Value => {
    try {
      return from(state);
    } catch (error) {
      if (error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_')) {
        return from(spare);
      }
      throw error;
    }
  };
  return {
    update: (keys, change) => either((one) => one.update(keys, change)),
    usedSince: (day) => either((one) => one.usedSince(day)),
    setAside: (holder, decide) => either((one) => one.setAside(holder, decide)),
    settle: (id, entry) => either((one) => one.settle(id, entry)),
    entriesSince: (day) => either((one) => one.entriesSince(day)),
  };
}

/** Throws where the tables are not ours, though the file says so. */
function checked(store: Store): Store {
  try {
    store.prepare('SELECT key, record FROM endpoint LIMIT 1').all();
    store.prepare('SELECT id, process, until, tokens, dollars FROM reservation LIMIT 1').all();
    store.prepare(`SELECT ${columns} FROM used LIMIT 1`).all();
    return store;
  } catch (error) {
    store.close();
    throw error;
  }
}

/** No database, a damaged one, or one of other tables; all else may pass, such as a lock or a folder that can't be written. */
function isUnreadable(error: unknown): boolean {
  for (let current = error; current instanceof Error; current = current.cause) {
    if ('code' in current && /^SQLITE_(?:NOTADB|CORRUPT|ERROR$)/u.test(String(current.code))) {
      return true;
    }
  }
  return false;
}

const columns = 'day, profile, host, model, requests, promptTokens, completionTokens, cachedTokens, dollars';

const entrySchema = z.object({
  day: z.string(),
  profile: z.string(),
  host: z.string(),
  model: z.string(),
  requests: z.number(),
  promptTokens: z.number(),
  completionTokens: z.number(),
  cachedTokens: z.number(),
  dollars: z.number().nullable(),
});

const amountSchema = z.object({ tokens: z.number(), dollars: z.number() });
const heldSchema = amountSchema.extend({ id: z.string(), process: z.number(), until: z.number() });

function sqliteState(store: Store): ModelState {
  const recordOf = store.prepare('SELECT record FROM endpoint WHERE key = ?').pluck();
  const keepRecord = store.prepare('INSERT OR REPLACE INTO endpoint (key, record) VALUES (?, ?)');
  const amountSince = store.prepare(
    `SELECT coalesce(sum(promptTokens + completionTokens), 0) AS tokens, coalesce(sum(dollars), 0.0) AS dollars
     FROM used WHERE day >= ?`,
  );
  const held = store.prepare('SELECT id, process, until, tokens, dollars FROM reservation');
  const hold = store.prepare(
    'INSERT OR REPLACE INTO reservation (id, process, until, tokens, dollars) VALUES (@id, @process, @until, @tokens, @dollars)',
  );
  const release = store.prepare('DELETE FROM reservation WHERE id = ?');
  const add = store.prepare(
    `INSERT INTO used (${columns})
     VALUES (@day, @profile, @host, @model, @requests, @promptTokens, @completionTokens, @cachedTokens, @dollars)
     ON CONFLICT DO UPDATE SET
       requests = requests + excluded.requests,
       promptTokens = promptTokens + excluded.promptTokens,
       completionTokens = completionTokens + excluded.completionTokens,
       cachedTokens = cachedTokens + excluded.cachedTokens,
       dollars = CASE WHEN excluded.dollars IS NULL THEN dollars ELSE coalesce(dollars, 0) + excluded.dollars END`,
  );
  const entries = store.prepare(
    `SELECT ${columns} FROM used WHERE day >= ? ORDER BY day DESC, profile, host, model`,
  );
  /** What this process has written last, which is read again where no other has written since. */
  const known = new Map<string, { readonly text: string; readonly record: EndpointRecord }>();
  const read = (key: string): EndpointRecord => {
    const text = textOf(recordOf.get(key));
    const last = known.get(key);
    return last !== undefined && last.text === text ? last.record : readRecord(text);
  };
  return {
    update: (keys, change) =>
      store
        .transaction(() => {
          const now = Date.now();
          const before = keys.map((key) => tidied(read(key), now, isRunning));
          const { records, value } = change(before);
          for (const [index, key] of keys.entries()) {
            const record = records[index] ?? before[index] ?? freshRecord;
            const text = JSON.stringify(record);
            keepRecord.run(key, text);
            known.set(key, { text, record });
          }
          return value;
        })
        .immediate(),
    usedSince: (day) => amountSchema.parse(amountSince.get(day)),
    setAside: ({ id, process, until }, decide) =>
      store
        .transaction(() => {
          const all = z.array(heldSchema).parse(held.all());
          const isOver = (one: (typeof all)[number]): boolean =>
            one.until <= Date.now() || !isRunning(one.process);
          for (const one of all.filter(isOver)) {
            release.run(one.id);
          }
          const { amount, value } = decide(sumOf(all.filter((one) => !isOver(one))));
          if (amount !== null) {
            hold.run({
              id,
              process,
              until: Math.ceil(until),
              tokens: Math.ceil(amount.tokens),
              dollars: amount.dollars,
            });
          }
          return value;
        })
        .immediate(),
    settle: (id, entry) =>
      store
        .transaction(() => {
          release.run(id);
          if (entry !== null) {
            add.run(entry);
          }
        })
        .immediate(),
    entriesSince: (day): readonly Entry[] => z.array(entrySchema).parse(entries.all(day)),
  };
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** Whether a process of this machine still is; of another user's, it is. */
function isRunning(id: number): boolean {
  if (id === process.pid) {
    return true;
  }
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
