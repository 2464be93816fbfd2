import { messageOf, SqlqError } from '../../errors.ts';
import type { Job } from '../api/jobs.ts';
import type { RowFormat } from '../api/run.ts';
import type { Caller } from '../caller.ts';
import { rowsEnd } from '../http/row-format.ts';
import { HttpError } from '../http-error.ts';
import type { Parts } from '../parts.ts';
import { createQueue } from '../pool/queue.ts';
import { newId } from '../question/kept.ts';
import type { KeptAnswer } from '../question/kept-answer.ts';
import { type Ran, runAnswer } from '../question/run.ts';
import type { Work } from '../question/work.ts';
import { maySee } from '../seen.ts';
import { StateLostError } from '../state/state.ts';
import { createJobRecords, isOver, type JobRecord } from './record.ts';
import { openResultFiles, type ResultFile } from './result-file.ts';
import { createRunner, insist } from './runner.ts';
import { createSpace } from './space.ts';

export interface JobOptions {
  /** Where results lie; instances on several machines share it. */
  readonly folder: string;
  /** A job and its result are kept for so long. */
  readonly keptMilliseconds: number;
  /** The largest result. */
  readonly mostBytes: number;
  /** How many run at once in this process. */
  readonly atOnce: number;
  /** How many may wait in this process. */
  readonly mostWaiting: number;
  /** How many of one user run at once in this process. */
  readonly atOnceOfUser: number;
  /** How many a user may have, the finished ones too. */
  readonly mostOfUser: number;
  /** The results that a user may have in all: none is begun beyond that. */
  readonly mostBytesOfUser: number;
}

/** Runs that go on by themselves, with their results kept for a while. What is another's is `not-found`. */
export interface Jobs {
  /** Begins one; rejects with an HttpError `busy` where too many wait, and `too-many` where the caller has too many. */
  start(
    work: Omit<Work, 'signal' | 'onStep'>,
    answer: KeptAnswer,
    run: { readonly format: RowFormat; readonly limit: number | null },
  ): Promise<Job>;
  list(caller: Caller): Promise<readonly Job[]>;
  find(caller: Caller, id: string): Promise<Job>;
  /**
   * The file of a result; rejects with `conflict` where there is none yet, or none any more, and with `forbidden` where the caller
   * may not see all of it by now.
   */
  resultOf(caller: Caller, id: string): Promise<{ readonly path: string; readonly format: RowFormat }>;
  /** Ends one that is not over, at the database too; throws one that is over away. Tells how it was. */
  end(caller: Caller, id: string): Promise<Job>;
  /** Removes files of which no job is known any more. */
  sweep(): Promise<void>;
  close(): Promise<void>;
}

const channel = 'job-cancelled';
/** A file takes what it is given; a disk that does not for so long is broken. */
const idleMilliseconds = 60_000;
const progressMilliseconds = 1000;
const sweepMilliseconds = 10 * 60_000;

export async function createJobs(parts: Parts, options: JobOptions): Promise<Jobs> {
  const { state, now, ending, drain, observe, workspace, standing } = parts;
  const records = createJobRecords(state, now);
  const space = createSpace(records, options.mostBytesOfUser);
  const files = await openResultFiles(options.folder, options.mostBytes);
  const runner = createRunner(state, newId());
  const queue = createQueue({
    name: 'jobs',
    atOnce: options.atOnce,
    mostOfUser: options.atOnceOfUser,
    mostWaiting: options.mostWaiting,
    observe: (waiting, running) => observe.queue('jobs', waiting, running),
  });
  /** Those of this process, and what ends them. */
  const own = new Map<string, { readonly controller: AbortController; readonly done: Promise<void> }>();
  const unsubscribe = await state.subscribe(channel, (id) => own.get(id)?.controller.abort(cancelled()));

  /** A job whose process has died is said to have failed, which nobody was left to note. */
  const view = async (record: JobRecord): Promise<JobRecord> =>
    isOver(record) || (await runner.isThere(record.runner))
      ? record
      : { ...record, state: 'failed', error: 'The server that ran it ended before it was done.' };

  /** Notes how far a job is; where it was cancelled meanwhile, it ends. */
  const note = async (id: string, changes: Partial<JobRecord>): Promise<JobRecord | null> => {
    const record = await records.change(id, (before) => (isOver(before) ? null : { ...before, ...changes }));
    if (record === null || record.state === 'cancelled') {
      own.get(id)?.controller.abort(cancelled());
    }
    return record;
  };

  /** Notes how it ended, unless it was cancelled; by then nothing more is written. */
  const noteEnd = (id: string, end: Partial<JobRecord>): Promise<JobRecord | null> =>
    records.change(id, (before) => ({ ...before, ...(isOver(before) ? {} : end), reserved: 0 }));

  const runInto = async (
    file: ResultFile,
    record: JobRecord,
    work: Work,
    answer: KeptAnswer,
    limit: number | null,
  ): Promise<Ran> => {
    let rows = 0;
    const progress = setInterval(
      () => void note(record.id, { rows, bytes: file.bytes() }).catch(() => {}),
      progressMilliseconds,
    );
    try {
      const ran = await runAnswer(work, answer, {
        format: record.format,
        into: { writable: file.writable, idleMilliseconds },
        limit,
        ...(record.format === 'json' ? { asLists: true } : {}),
        onRows: (count) => {
          rows = count;
        },
      });
      await file.keep(rowsEnd(record.format, ran));
      return ran;
    } catch (error) {
      // What the file said goes before what was made of its end.
      throw file.writable.errored instanceof SqlqError ? file.writable.errored : error;
    } finally {
      clearInterval(progress);
    }
  };

  const run = async (
    record: JobRecord,
    entered: Promise<() => void>,
    work: Work,
    answer: KeptAnswer,
    limit: number | null,
  ): Promise<void> => {
    const leaveDrain = drain.enter();
    let leave: (() => void) | null = null;
    let file: ResultFile | null = null;
    let end: Partial<JobRecord>;
    try {
      leave = await entered;
      // It may have waited long.
      await standing.require(work.caller);
      await note(record.id, { state: 'running' });
      work.signal.throwIfAborted();
      await space.require(record.owner);
      file = await files.create(record.id, (bytes) => space.reserve(record, bytes));
      const { rows } = await runInto(file, record, work, answer, limit);
      end = { state: 'done', rows, bytes: file.bytes() };
    } catch (error) {
      await file?.discard();
      end = { state: 'failed', error: workspace.redact(messageOf(error)) };
    } finally {
      leave?.();
    }
    try {
      const noted = await insist(() => noteEnd(record.id, end), ending);
      // One that was cancelled, or thrown away, just before its end leaves nothing.
      if (noted?.state !== 'done') {
        await files.remove(record.id);
      }
    } catch (error) {
      workspace.warn(`What became of a job could not be noted: ${messageOf(error)}`);
    } finally {
      own.delete(record.id);
      leaveDrain();
    }
  };

  const sweep = (): Promise<void> =>
    files.sweep(async (id) => {
      const record = await records.get(id);
      if (record === null) {
        return true;
      }
      const seen = await view(record);
      if (seen !== record) {
        await noteEnd(id, seen);
      }
      return seen !== record;
    });
  const sweeping = setInterval(() => void sweep().catch(() => {}), sweepMilliseconds).unref();

  return {
    async start(asked, answer, { format, limit }) {
      // A job goes on when whoever began it signs out; the user counts.
      const caller: Caller = { ...asked.caller, signIn: null };
      await space.require(caller.id);
      await runner.begin();
      const time = now();
      const record: JobRecord = {
        id: newId(),
        answer: answer.told.id,
        state: 'waiting',
        rows: 0,
        bytes: 0,
        format,
        time: time.toISOString(),
        expires: new Date(time.getTime() + options.keptMilliseconds).toISOString(),
        error: null,
        owner: caller.id,
        runner: runner.id,
        reserved: 0,
        seen: { database: answer.told.database, hide: [...caller.hide] },
      };
      const controller = new AbortController();
      const watched = standing.watch(caller);
      const signal = AbortSignal.any([controller.signal, ending, watched.signal]);
      const refusal: { error: unknown } = { error: null };
      const entered = queue.enter(caller.id, signal);
      entered.catch((error: unknown) => {
        refusal.error = error;
      });
      // A queue that is full says so at once, long before the job is noted.
      await records.add(record).catch(async (error: unknown) => {
        watched.release();
        controller.abort(error);
        await entered.then((leave) => leave()).catch(() => {});
        throw error;
      });
      // Those are counted that are noted: of several at once each counts the others.
      if (refusal.error === null && (await records.of(caller)).length > options.mostOfUser) {
        refusal.error = new HttpError('too-many', `You have ${options.mostOfUser} jobs already.`, {
          hint: 'Throw some away first: DELETE /v1/jobs/{id}',
        });
        controller.abort(refusal.error);
        await entered.then((leave) => leave()).catch(() => {});
      }
      if (refusal.error !== null) {
        watched.release();
        await records.remove(record);
        throw refusal.error;
      }
      const work: Work = { ...asked, caller, signal, onStep: () => {} };
      const done = run(record, entered, work, answer, limit).finally(watched.release);
      own.set(record.id, { controller, done });
      return told(record);
    },
    async list(caller) {
      if (!state.healthy) {
        throw new StateLostError(new Error('jobs of other instances are not known'));
      }
      return (await Promise.all((await records.of(caller)).map(view))).map(told);
    },
    find: async (caller, id) => told(await view(await records.find(caller, id))),
    async resultOf(caller, id) {
      const record = await view(await records.find(caller, id));
      const { state: now, format, error, rows } = record;
      if (now !== 'done') {
        throw new HttpError('conflict', `The job has no result: it is ${now}.`, { hint: error });
      }
      if (!maySee(caller, record.seen) || (caller.rowLimit !== null && rows > caller.rowLimit)) {
        throw new HttpError('forbidden', 'You may not see all any more that this result holds.', {
          hint: 'Run its answer again, with what you may see now.',
        });
      }
      return { path: files.pathOf(id), format };
    },
    async end(caller, id) {
      const record = await view(await records.find(caller, id));
      if (isOver(record)) {
        await files.remove(id);
        await records.remove(record);
        return told(record);
      }
      await note(id, { state: 'cancelled' });
      await state.publish(channel, id);
      return told((await records.get(id)) ?? record);
    },
    sweep,
    async close() {
      clearInterval(sweeping);
      unsubscribe();
      const ended = new SqlqError('cancelled', 'The server ended before the job was done.');
      for (const { controller } of own.values()) {
        controller.abort(ended);
      }
      await Promise.all([...own.values()].map(({ done }) => done));
      queue.close(ended);
      await runner.end();
    },
  };
}

function told({ owner: _owner, runner: _runner, reserved: _reserved, seen: _seen, ...job }: JobRecord): Job {
  return job;
}

function cancelled(): SqlqError {
  return new SqlqError('cancelled', 'The job was cancelled.');
}
