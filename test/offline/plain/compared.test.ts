import { describe, expect, it } from 'vitest';
import { createOfflineModel } from '../../../src/offline/offline.ts';
import { requestOf, rowsOf } from '../database.ts';
import { schemaOf } from '../schema.ts';

const clinic = rowsOf(`
  CREATE TABLE wards (id INTEGER PRIMARY KEY, name TEXT);
  INSERT INTO wards VALUES (1, 'North'), (2, 'South');
  CREATE TABLE doctors (id INTEGER PRIMARY KEY, full_name TEXT, born TEXT, hired INTEGER, left_on TEXT, tutor_id INTEGER);
  INSERT INTO doctors VALUES (1, 'Ada Young', '1970-01-02', 20240301, NULL, NULL), (2, 'Ben Orr', '1980-05-06', 20250115, '2026-02-01', 1),
    (3, 'Cy Ray', '1990-07-08', 20260101, '2025-12-01', 1), (4, 'Di Orr', '1985-01-01', 20260105, NULL, 2);
  CREATE TABLE surgeries (id INTEGER PRIMARY KEY, ward_id INTEGER, doctor_id INTEGER, done_on TEXT, booked_on TEXT, status TEXT, urgent TEXT, minutes INTEGER);
  INSERT INTO surgeries VALUES
    (1, 1, 1, '2024-06-01', '2024-05-01', 'cancelled', 'Y', 30), (2, 1, 1, '2025-03-01', '2024-12-01', 'finished', 'N', 40), (3, 2, 2, '2025-04-01', '2025-03-01', 'cancelled', 'Y', 50),
    (4, 1, NULL, '2026-01-05', '2025-12-01', 'finished', 'N', 60), (5, 2, 2, '2026-02-06', '2026-02-01', 'finished', 'Y', 70), (6, 1, 1, '2026-03-01', '2026-02-01', 'cancelled', 'N', 80);
  CREATE TABLE exams (id INTEGER PRIMARY KEY, held_on TEXT, first_grader_id INTEGER);
  INSERT INTO exams VALUES (1, '2025-05-01', 1), (2, '2026-01-10', 2);
  CREATE TABLE exam_results (exam_id INTEGER, doctor_id INTEGER, passed TEXT, letter_sent TEXT);
  INSERT INTO exam_results VALUES (1, 1, 'Y', '2026-02-01'), (1, 2, 'N', NULL), (2, 1, 'Y', '2026-02-02'), (2, 3, 'Y', NULL);
`);
const schema = schemaOf(
  'sqlite',
  `
  wards: id integer, name text
  doctors: id integer, full_name text, born text, hired integer, left_on text, tutor_id integer
  surgeries: id integer, ward_id integer >wards.id, doctor_id integer >doctors.id, done_on text, booked_on text, status text, urgent text, minutes integer
  exams: id integer, held_on text, first_grader_id integer
  exam_results: exam_id integer >exams.id, doctor_id integer >doctors.id, passed text, letter_sent text
  `,
);
const model = createOfflineModel();
const ask = async (question: string) => {
  const request = { ...requestOf(question, schema, clinic.values), now: new Date(2026, 2, 18) };
  const { answer } = await model.answer(request, new AbortController().signal);
  return answer.kind === 'sql' ? clinic.run(answer.sql) : answer.kind;
};
/** What a question is not answered with, whatever is offered. */
const refused = expect.stringMatching(/^(?:unanswerable|clarification)$/u);

describe('two times that are compared are a row each', () => {
  it.each([
    [
      'surgeries in 2025 vs 2026',
      [
        ['2025', 2],
        ['2026', 3],
      ],
    ],
    [
      'surgeries this year vs last',
      [
        ['2025', 2],
        ['2026', 3],
      ],
    ],
    [
      'did we have more surgeries this year than last year?',
      [
        ['2025', 2],
        ['2026', 3],
      ],
    ],
    [
      'compare surgeries in january and february',
      [
        ['2026-01', 1],
        ['2026-02', 1],
      ],
    ],
    // A year that one of them has counts for both.
    [
      'surgeries in march versus april 2025',
      [
        ['2025-03', 1],
        ['2025-04', 1],
      ],
    ],
    // The verb tells which date is meant.
    [
      'surgeries booked in 2024 vs 2025',
      [
        ['2024', 2],
        ['2025', 2],
      ],
    ],
    [
      'doctors who left in 2025 vs 2026',
      [
        ['2025', 1],
        ['2026', 1],
      ],
    ],
    [
      'new doctors this year vs last year',
      [
        ['2025', 1],
        ['2026', 2],
      ],
    ],
    [
      'average minutes of surgeries in 2025 compared with 2026',
      [
        ['2025', 45],
        ['2026', 70],
      ],
    ],
    [
      'share of cancelled surgeries in 2025 vs 2026',
      [
        ['2025', 50],
        ['2026', 100 / 3],
      ],
    ],
  ])('%s', async (question, expected) => {
    expect(await ask(question)).toEqual(expected);
  });

  it('says that one of them is not over', async () => {
    const request = {
      ...requestOf('surgeries in 2025 vs 2026', schema, clinic.values),
      now: new Date(2026, 2, 18),
    };
    const { answer } = await model.answer(request, new AbortController().signal);
    expect(answer.kind === 'sql' ? answer.assumptions.join('\n') : '').toContain(
      'the later year is not over',
    );
  });

  it.each([
    'did we have more surgeries?',
    'compare surgeries',
    'surgeries in 2025 vs march 2026',
    'growth of surgeries in 2025',
  ])('refuses %s', async (question) => {
    expect(await ask(question)).toEqual(refused);
  });
});

describe('a rate is the share of rows in a state', () => {
  it.each([
    ['cancellation rate', [[50]]],
    ['what is the cancellation rate in North', [[50]]],
    ['cancellation rate in 2026', [[100 / 3]]],
    ['pass rate', [[75]]],
    // The results have the date of their exam, and not that of a letter that was sent later.
    ['pass rate of exams in 2025', [[50]]],
    [
      'pass rate this year compared with last year',
      [
        ['2025', 50],
        ['2026', 100],
      ],
    ],
    ['what % of surgeries got cancelled this year', [[100 / 3]]],
  ])('%s', async (question, expected) => {
    expect(await ask(question)).toEqual(expected);
  });

  it('is not guessed where of what it is a share is open', async () => {
    expect(await ask('percentage of cancelled surgeries in North')).toEqual(refused);
  });
});

describe('keys and dates are no amounts', () => {
  it.each([
    // Days that are kept as numbers say when, whatever their column is called.
    ['who was hired in 2026', [['Cy Ray'], ['Di Orr']]],
    ['doctors who left us this year', [['Ben Orr']]],
    ['doctors who left', [['Ben Orr'], ['Cy Ray']]],
    ['youngest doctor', [['Cy Ray']]],
    ['surgeries nobody did in 2026', refused],
    ['surgeries without a doctor', [[4, 1, null, '2026-01-05', '2025-12-01', 'finished', 'N', 60]]],
  ])('%s', async (question, expected) => {
    expect(await ask(question)).toEqual(expected);
  });

  // The key that the verb names is not read: who has the most of something else is another question.
  it.each(['who tutors the most doctors', 'which doctor tutors the most', 'exams with two graders'])(
    'refuses %s',
    async (question) => {
      expect(await ask(question)).toEqual(refused);
    },
  );
});
