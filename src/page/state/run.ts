import { type ReadonlySignal, signal } from '@preact/signals';
import type { ApiAnswer } from '../../serve/api/answer.ts';
import type { Changes, CommitReply } from '../../serve/api/run.ts';
import { type Client, type Failure, failureOf } from '../api/client.ts';
import { type RowsEnd, readRows } from '../api/rows.ts';
import { createRowStore, type RowStore } from '../rows/row-store.ts';

/** How a run of an answer's SQL stands. */
export type RunState =
  | { readonly kind: 'running' }
  | { readonly kind: 'done'; readonly end: RowsEnd }
  | { readonly kind: 'failed'; readonly failure: Failure }
  /** It would change the database, and waits for a yes. */
  | { readonly kind: 'tried'; readonly changes: Changes }
  | { readonly kind: 'kept'; readonly rows: number }
  | { readonly kind: 'dropped' };

/** One run of an answer's SQL. */
export interface Run {
  readonly state: ReadonlySignal<RunState>;
  readonly rows: RowStore;
  readonly isOver: Promise<void>;
  cancel(): void;
  /** Keeps the change that was shown. */
  keep(): Promise<void>;
  drop(): void;
}

const pathOf = (answer: string, action: string): string =>
  `/v1/answers/${encodeURIComponent(answer)}/${action}`;

/** Runs an answer's SQL and takes its rows while they come; what changes something is tried and shown first. */
export function startRun(client: Client, { id, statement }: ApiAnswer): Run {
  const state = signal<RunState>({ kind: 'running' });
  const rows = createRowStore();
  const controller = new AbortController();
  const work = async (): Promise<void> => {
    try {
      const response = await client.open(pathOf(id, 'run'), {
        method: 'POST',
        body: { format: 'json' },
        signal: controller.signal,
      });
      if (statement !== 'read') {
        state.value = { kind: 'tried', changes: await response.json() };
        return;
      }
      const end = await readRows(response, { columns: rows.begin, rows: rows.append });
      state.value = { kind: 'done', end };
    } catch (error) {
      state.value = { kind: 'failed', failure: failureOf(error) };
    }
  };
  return {
    state,
    rows,
    isOver: work(),
    cancel: () => controller.abort(),
    async keep() {
      const { value } = state;
      if (value.kind === 'tried') {
        state.value = { kind: 'running' };
        try {
          const body = { digest: value.changes.digest };
          const reply = await client.json<CommitReply>(pathOf(id, 'commit'), { method: 'POST', body });
          state.value = { kind: 'kept', rows: reply.rows };
        } catch (error) {
          state.value = { kind: 'failed', failure: failureOf(error) };
        }
      }
    },
    drop() {
      state.value = { kind: 'dropped' };
    },
  };
}
