import { runSql } from '../../ask/run.ts';
import type { Change } from '../../database/database.ts';
import type { DatabaseClient, WriteSummary } from '../../database/process/client.ts';
import { ConsentNeeded, consentPrompts } from '../../mcp/consent.ts';
import type { Prompts } from '../../terminal/prompt.ts';
import type { Changes } from '../api/run.ts';
import { HttpError } from '../http-error.ts';
import { accessFor } from '../workspace.ts';
import { audited } from './audited.ts';
import type { KeptAnswer } from './kept-answer.ts';
import { callOf, databaseOf, type Work } from './work.ts';

/** What a change has done: it was taken back, unless exactly this had been agreed to. */
export type Tried =
  | ({ readonly kind: 'shown' } & Changes)
  | { readonly kind: 'committed'; readonly rows: number };

/**
 * Makes a change in a transaction, on the way that every change goes. What it has changed is taken back and told, with what
 * that is known by; once a caller agrees to it by that, it is made again, and kept where it changes the same.
 */
export function change(work: Work, answer: KeptAnswer, digest: string | null): Promise<Tried> {
  const { told, made } = answer;
  const action = digest === null ? 'try' : 'commit';
  return audited(work, action, { database: told.database, sql: told.sql }, async (note) => {
    requireWriter(work);
    const database = await databaseOf(work, told.database);
    const agreed = new Set(digest === null ? [] : [digest]);
    const call = callOf(work, (lines) =>
      whileMay(
        work,
        consentPrompts(() => [told.sql, ...lines], agreed),
      ),
    );
    const context = await database.changeContext(call);
    const seen: { changes: readonly Change[]; notes: readonly string[] } = { changes: [], notes: [] };
    try {
      const client = watching(context.database, ({ changes, notes }) =>
        Object.assign(seen, { changes, notes }),
      );
      await runSql({ ...context, database: client }, told.sql, made.parameters);
      const rows = call.report.data.rows ?? 0;
      note({ rows });
      await work.parts.workspace.noteRun({
        who: work.caller.id,
        history: made.history,
        conversation: told.conversation,
        outcome: 'answered',
        rows,
        cacheable: null,
      });
      return { kind: 'committed', rows };
    } catch (error) {
      if (!(error instanceof ConsentNeeded)) {
        throw error;
      }
      if (digest !== null) {
        throw new HttpError('conflict', 'It would change something else now: nothing was changed.', {
          hint: 'Run it again to see what it would change, and commit that.',
        });
      }
      const notes = seen.changes.length === 0 && seen.notes.length === 0 ? call.lines : seen.notes;
      return {
        kind: 'shown',
        changes: seen.changes.map(({ table, rows }) => ({ table, rows })),
        notes: [...notes],
        digest: error.digest,
      };
    }
  });
}

function requireWriter({ parts: { workspace }, caller }: Work): void {
  if (accessFor(workspace, caller) !== 'read') {
    return;
  }
  throw new HttpError(
    'forbidden',
    workspace.access === 'read'
      ? 'This server only reads: it was started without --write.'
      : 'A change needs the role "write", which you do not have.',
  );
}

/** Prompts by which nobody agrees to a change who may not make it any more: its locks may have taken long. */
function whileMay({ parts: { standing }, caller }: Work, prompts: Prompts): Prompts {
  return {
    ...prompts,
    async confirm(message) {
      const isAgreed = await prompts.confirm(message);
      await standing.require(caller);
      return isAgreed;
    },
  };
}

/** A client that tells what a change has done before anybody is asked whether to keep it. */
function watching(client: DatabaseClient, onChange: (done: WriteSummary) => void): DatabaseClient {
  return {
    ...client,
    async beginWrite(statement, signal) {
      const done = await client.beginWrite(statement, signal);
      onChange(done);
      return done;
    },
  };
}
