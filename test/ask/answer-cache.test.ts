import { describe, expect, it } from 'vitest';
import { ask } from '../../src/ask/ask.ts';
import { createAnswerCache } from '../../src/ask/cache/answer-cache.ts';
import { SqlqError } from '../../src/errors.ts';
import { fakeContext, type Scripted, sql } from '../support/ask-context.ts';
import { serverAt } from '../support/served-model.ts';

const right = 'SELECT count(*) FROM customers';
const wrong = 'SELECT json(name) FROM customers';
const question = 'how many customers';
const failing = { [wrong]: new SqlqError('failed', 'malformed JSON') };

/** Runs that share one cache, as those of one installation do. */
function installation() {
  const texts = new Map<string, string>();
  const store = {
    read: async (key: string) => texts.get(key) ?? null,
    write: async (key: string, text: string) => void texts.set(key, text),
  };
  const cache = createAnswerCache(
    store,
    serverAt('http://localhost:1/v1'),
    () => new Date('2026-01-02T03:04:05Z'),
  );
  const run = async (scripted: Scripted, asked = question) => {
    const made = fakeContext({ ...scripted, generation: { answers: cache, ...scripted.generation } });
    const outcome = await ask(made.context, asked).catch((error: unknown) => error);
    return { outcome, requests: made.requests().length, stderr: made.stderr(), ran: made.database.of('run') };
  };
  return { run, texts };
}

describe('the answer cache', () => {
  it('gives SQL whose rows came, which is checked and run anew, and says from when it is', async () => {
    const { run } = installation();
    await run({ answers: [sql(right, ['all'])] });
    const again = await run({});
    expect(again).toMatchObject({
      requests: 0,
      outcome: { assumptions: ['all'], statement: { sql: right } },
    });
    expect(again.ran).toHaveLength(1);
    expect(again.stderr).toContain('Using the answer of 2026-01-02 03:04 UTC');
    const refused = await run({ refused: { [right]: 'no longer' }, answers: [sql('SELECT 1')] });
    expect(refused).toMatchObject({ requests: 1, outcome: { statement: { sql: 'SELECT 1' } } });
  });

  it('keeps nothing of SQL that failed while it ran', async () => {
    const { run, texts } = installation();
    const failed = await run({ answers: [sql(wrong)], failing, generation: { repairs: 0 } });
    expect(failed.outcome).toBe(failing[wrong]);
    expect(texts.size).toBe(0);
  });

  it('keeps what corrects it, for the question as it was asked', async () => {
    const { run } = installation();
    await run({ answers: [sql(wrong), sql(right)], failing });
    expect(await run({ failing })).toMatchObject({ requests: 0, outcome: { statement: { sql: right } } });
  });

  it('drops an answer that fails by now', async () => {
    const { run } = installation();
    await run({ answers: [sql(wrong)] });
    const failed = await run({ failing, generation: { repairs: 0 } });
    expect(failed).toMatchObject({ requests: 0, outcome: failing[wrong] });
    expect(await run({ answers: [sql(right)] })).toMatchObject({ requests: 1 });
  });

  it('keeps nothing of a dry run, of SQL that the user changed, or of SQL that was turned down', async () => {
    const { run, texts } = installation();
    await run({ answers: [sql(right)], context: { dryRun: true } });
    const edit = async () => right;
    const interactive = true;
    await run({
      answers: [sql(wrong)],
      interactive,
      chooses: ['Edit it', 'Run it'],
      context: { edit },
    });
    await run({ answers: [sql(wrong)], interactive, chooses: ['Cancel'] });
    expect(texts.size).toBe(0);
    await run({
      answers: [sql(wrong), sql(right)],
      interactive,
      chooses: ['Ask for another', 'Run it'],
      types: ['count them'],
    });
    // What the user asked for with a hint is no answer to the question alone.
    expect(await run({ answers: [sql(right)] })).toMatchObject({ requests: 1 });
  });

  it('reads nothing from a file that is cut', async () => {
    const { run, texts } = installation();
    await run({ answers: [sql(right)] });
    for (const [key, text] of texts) {
      texts.set(key, text.slice(0, -9));
    }
    expect(await run({ answers: [sql(right)] })).toMatchObject({ requests: 1 });
    for (const key of texts.keys()) {
      texts.set(key, '{"sql":1,"assumptions":[]}');
    }
    expect(await run({ answers: [sql(right)] })).toMatchObject({ requests: 1 });
  });
});
