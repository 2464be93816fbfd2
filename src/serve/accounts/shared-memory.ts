import * as z from 'zod';
import { type StoredExample, sourceOf, sources } from '../../memory/examples.ts';
import { type Caps, type PastAnswer, settled } from '../../memory/history.ts';
import type { Remembered } from '../../memory/remembered.ts';
import { wordingOf } from '../../memory/similarity.ts';
import type { Sql } from './store/sql.ts';

const day = 24 * 60 * 60_000;
/** One answer in so many is worth a look for those that are too many. */
const forgetsEvery = 20;

const storedAnswer = z
  .object({
    id: z.number(),
    user_id: z.string(),
    at: z.number(),
    place: z.string(),
    name: z.string().nullable(),
    question: z.string(),
    sql: z.string(),
    assumptions: z.string(),
    provider: z.string().nullable(),
    model: z.string().nullable(),
    outcome: z.string(),
    row_count: z.number().nullable(),
    conversation: z.string().nullable(),
    verdict: z.enum(['good', 'bad']).nullable(),
  })
  .transform(
    ({ user_id: who, at, row_count: rows, assumptions, ...rest }): PastAnswer => ({
      ...rest,
      who,
      at: new Date(at).toISOString(),
      rows,
      assumptions: z.array(z.string()).parse(JSON.parse(assumptions)),
    }),
  );

const storedExample = z
  .object({
    id: z.number(),
    user_id: z.string(),
    at: z.number(),
    place: z.string(),
    question: z.string(),
    sql: z.string(),
    source: z.enum(sources),
  })
  .transform(
    ({ user_id: who, at, ...rest }): StoredExample => ({ ...rest, who, at: new Date(at).toISOString() }),
  );

const numbered = z.object({ id: z.number() });
const texts = z.object({ question: z.string(), sql: z.string() });

/** What users of a service have asked and judged, kept with the users: all instances that share these share it, and it goes with them. */
export function sharedMemory(sql: Sql): Remembered {
  const keepExample = async (
    { who, place, question }: Pick<PastAnswer, 'who' | 'place' | 'question'>,
    kept: string,
    source: StoredExample['source'],
    now: Date,
  ): Promise<number> => {
    const [row] = await sql.all(
      `INSERT INTO sqlq_example (user_id, at, place, question, sql, source, wording)
       VALUES ($1, $2, $3, $4, $5, $6, $7)
       ON CONFLICT (place, wording, user_id) DO UPDATE SET
         at = excluded.at, question = excluded.question, sql = excluded.sql, source = excluded.source
       RETURNING id`,
      who,
      now.getTime(),
      place,
      question,
      kept,
      source,
      wordingOf(question),
    );
    return numbered.parse(row).id;
  };
  const judge = ({ id, who }: PastAnswer, verdict: 'good' | 'bad'): Promise<number> =>
    sql.change('UPDATE sqlq_answer SET verdict = $3 WHERE id = $1 AND user_id = $2', id, who, verdict);
  return {
    async add(answer, caps, now) {
      const [row] = await sql.all(
        `INSERT INTO sqlq_answer
           (user_id, at, place, name, question, sql, assumptions, provider, model, outcome, row_count)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id`,
        answer.who,
        now.getTime(),
        answer.place,
        answer.name,
        answer.question,
        answer.sql,
        JSON.stringify(answer.assumptions),
        answer.provider,
        answer.model,
        answer.outcome,
        answer.rows,
      );
      const { id } = numbered.parse(row);
      if (id % forgetsEvery === 0) {
        await forget(sql, answer.who, caps, now);
      }
      return id;
    },
    async list(who, most, before = Number.MAX_SAFE_INTEGER) {
      const rows = await sql.all(
        'SELECT * FROM sqlq_answer WHERE user_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3',
        who,
        before,
        most,
      );
      return rows.map((row) => storedAnswer.parse(row));
    },
    async noteRun(who, id, { conversation, outcome, rows }) {
      await sql.change(
        `UPDATE sqlq_answer SET conversation = $3, outcome = $4, row_count = $5 WHERE id = $1 AND user_id = $2`,
        id,
        who,
        conversation,
        outcome,
        rows,
      );
    },
    async questionOf(place, text, who) {
      const [row] = await sql.all(
        `SELECT question, sql FROM sqlq_answer
         WHERE place = $1 AND sql = $2 AND user_id = $3 ORDER BY id DESC LIMIT 1`,
        place,
        text,
        who,
      );
      return row === undefined ? null : texts.parse(row).question;
    },
    async badAnswers(place, question, who) {
      const rows = await sql.all(
        `SELECT question, sql FROM sqlq_answer
         WHERE verdict = 'bad' AND place = $1 AND question = $2 AND user_id = $3 ORDER BY id DESC LIMIT 20`,
        place,
        question,
        who,
      );
      return [...new Set(rows.map((row) => texts.parse(row).sql))].slice(0, 3);
    },
    async examples(place, whose) {
      const places = whose.map((_, index) => `$${index + 2}`).join(', ');
      const rows =
        whose.length === 0
          ? []
          : await sql.all(
              `SELECT * FROM sqlq_example WHERE place = $1 AND user_id IN (${places}) ORDER BY id`,
              place,
              ...whose,
            );
      return rows.map((row) => storedExample.parse(row));
    },
    async markGood(answer, now) {
      await judge(answer, 'good');
      return keepExample(answer, answer.sql, sourceOf(answer), now);
    },
    async markBad(answer, correction, now) {
      await judge(answer, 'bad');
      if (correction !== null) {
        return keepExample(answer, correction, 'user', now);
      }
      const { place, question, sql: text, who } = answer;
      await sql.change(
        'DELETE FROM sqlq_example WHERE place = $1 AND wording = $2 AND sql = $3 AND user_id = $4',
        place,
        wordingOf(question),
        text,
        who,
      );
      return null;
    },
  };
}

/** As `forgetOld` of the history does it: a clock that is wrong for a while loses nothing. */
async function forget(sql: Sql, who: string, { days, answers }: Caps, now: Date): Promise<void> {
  await sql.change(
    `DELETE FROM sqlq_answer WHERE user_id = $1 AND id <=
       (SELECT id FROM sqlq_answer WHERE user_id = $1 ORDER BY id DESC LIMIT 1 OFFSET $2)`,
    who,
    answers,
  );
  const [row] = await sql.all(
    'SELECT max(at) AS at FROM sqlq_answer WHERE user_id = $1 AND at <= $2',
    who,
    now.getTime() - settled,
  );
  const { at } = z.object({ at: z.number().nullable() }).parse(row);
  if (at !== null) {
    await sql.change(
      `DELETE FROM sqlq_answer WHERE user_id = $1 AND id <
         (SELECT min(id) FROM sqlq_answer WHERE user_id = $1 AND at >= $2)`,
      who,
      at - days * day,
    );
  }
}
