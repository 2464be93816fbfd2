import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { SqlqError } from '../../src/errors.ts';
import { piped } from '../../src/repl/piped.ts';
import { type FakeSession, fakeRows, fakeSession, type ScriptedSession, turn } from '../support/session.ts';

/** Does the lines of a pipe, and gives back what came of them. */
async function done(
  text: string,
  scripted: ScriptedSession = {},
  signal = new AbortController().signal,
): Promise<FakeSession & { readonly code: number; readonly errors: readonly unknown[] }> {
  const made = fakeSession({ ...scripted, workspace: { close: async () => {}, ...scripted.workspace } });
  const errors: unknown[] = [];
  const code = await piped(
    made.session,
    Readable.from([text]),
    async (error) => void errors.push(error),
    signal,
  );
  return { ...made, code, errors };
}

it('does every line, tells each error, and ends with the worst code', async () => {
  const { code, errors, session, workspace } = await done('.nothing\nDROP TABLE t\nSELECT 1\nSELECT 2\n', {
    refused: { 'DROP TABLE t': 'it drops' },
    failing: { 'SELECT 1': new SqlqError('failed', 'the server went away') },
  });
  expect(errors.map((error) => (error instanceof SqlqError ? error.code : error))).toEqual([
    'usage',
    'refused',
    'failed',
  ]);
  expect(code).toBe(3);
  expect(session.turns.map(({ sql }) => sql)).toEqual(['SELECT 2']);
  expect(workspace.of('close')).toHaveLength(1);
});

it('counts what is no error of the user as a failure', async () => {
  const { code, errors } = await done('.good\n', {
    workspace: { giveFeedback: () => Promise.reject(new Error('a bug')) },
  });
  expect([code, errors.length]).toEqual([2, 1]);
  const broken = await done('.tables\n', {
    workspace: { readSchema: () => Promise.reject(new Error('a bug')) },
  });
  expect(broken.code).toBe(1);
});

it('joins lines by a backslash and by what SQL leaves open, and takes a last one without an end', async () => {
  const { session } = await done("SELECT \\\n1\nSELECT '\n'\nSELECT (\n2)");
  expect(session.turns.map(({ sql }) => sql)).toEqual(['SELECT \n1', "SELECT '\n'", 'SELECT (\n2)']);
});

it('ends at .exit, and closes the rows that were at hand', async () => {
  const rows = fakeRows();
  const made = fakeSession({ workspace: { close: async () => {} } });
  made.session.rows = { turn: turn(), client: rows.value };
  const lines = Readable.from(['SELECT 1\n.exit\nSELECT 2\n']);
  expect(await piped(made.session, lines, async () => {}, new AbortController().signal)).toBe(0);
  expect(made.session.turns).toHaveLength(1);
  expect(rows.of('close')).toHaveLength(1);
  expect(made.workspace.of('close')).toHaveLength(1);
});

it('goes on with no line once it is stopped, and closes its database all the same', async () => {
  const controller = new AbortController();
  const made = fakeSession({
    workspace: {
      close: async () => {},
      describeModel: () => {
        controller.abort(new SqlqError('cancelled', 'Cancelled.'));
        return Promise.reject(controller.signal.reason);
      },
    },
  });
  const shown: unknown[] = [];
  const ended = piped(
    made.session,
    Readable.from(['.model\nSELECT 1\n']),
    async (error) => void shown.push(error),
    controller.signal,
  );
  await expect(ended).rejects.toThrow('Cancelled.');
  expect(shown).toEqual([]);
  expect(made.database.of('run')).toEqual([]);
  expect(made.workspace.of('close')).toHaveLength(1);
});
