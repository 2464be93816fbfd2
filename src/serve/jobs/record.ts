import * as z from 'zod';
import { jobSchema } from '../api/jobs.ts';
import type { Caller } from '../caller.ts';
import { notFound } from '../http-error.ts';
import type { SharedState } from '../state/state.ts';

const recordSchema = jobSchema.extend({
  owner: z.string(),
  /** The process that runs it. */
  runner: z.string(),
  /** The room on the disk that is kept for what it writes; none once that is over. */
  reserved: z.number().default(0),
  /** What its rows may hold. */
  seen: z.object({ database: z.string(), hide: z.array(z.string()) }).default({ database: '', hide: [] }),
});

/** A job as all instances know it. */
export type JobRecord = z.infer<typeof recordSchema>;

/** The jobs of all instances. */
export interface JobRecords {
  add(record: JobRecord): Promise<void>;
  /** Null where there is none, or no more. */
  get(id: string): Promise<JobRecord | null>;
  /** A caller's own; throws `not-found` for all others. */
  find(caller: Caller, id: string): Promise<JobRecord>;
  /** A caller's own, the newest first. */
  of(caller: Pick<Caller, 'id'>): Promise<readonly JobRecord[]>;
  /** Changes one, whoever else changes it at the same time; `change` gives null where it stays. Null where it is gone. */
  change(id: string, change: (record: JobRecord) => JobRecord | null): Promise<JobRecord | null>;
  remove(record: JobRecord): Promise<void>;
}

const isFinished: ReadonlySet<JobRecord['state']> = new Set(['done', 'failed', 'cancelled']);

/** Whether nothing happens to it any more. */
export function isOver({ state }: Pick<JobRecord, 'state'>): boolean {
  return isFinished.has(state);
}

export function createJobRecords(state: SharedState, now: () => Date): JobRecords {
  const lasts = ({ expires }: JobRecord): number => Math.max(1, Date.parse(expires) - now().getTime());
  const read = (text: string | null): JobRecord | null =>
    text === null ? null : recordSchema.parse(JSON.parse(text));
  const get = async (id: string): Promise<JobRecord | null> =>
    /^[\w-]{22}$/u.test(id) ? read(await state.get(keyOf(id))) : null;
  return {
    async add(record) {
      await state.set(keyOf(record.id), JSON.stringify(record), lasts(record));
      await state.set(ownKey(record.owner, record.id), '', lasts(record));
    },
    get,
    async find(caller, id) {
      const record = await get(id);
      if (record?.owner !== caller.id) {
        throw notFound('job');
      }
      return record;
    },
    async of({ id: owner }) {
      const keys = await state.keys(ownKey(owner, ''));
      const found = await Promise.all(keys.map((key) => get(key.slice(ownKey(owner, '').length))));
      return found.filter((record) => record !== null).sort((a, b) => (a.time < b.time ? 1 : -1));
    },
    async change(id, change) {
      for (;;) {
        const text = await state.get(keyOf(id));
        const before = read(text);
        if (text === null || before === null) {
          return null;
        }
        const after = change(before);
        if (after === null) {
          return before;
        }
        if (await state.replace(keyOf(id), text, JSON.stringify(after), lasts(after))) {
          return after;
        }
      }
    },
    async remove({ id, owner }) {
      await state.delete(keyOf(id));
      await state.delete(ownKey(owner, id));
    },
  };
}

function keyOf(id: string): string {
  return `job:${id}`;
}

/** A user's id may hold any character, also one that would make it the beginning of another's. */
function ownKey(owner: string, id: string): string {
  return `jobs-of:${encodeURIComponent(owner)}:${id}`;
}
