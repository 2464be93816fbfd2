import { describe, expect, it } from 'vitest';
import { createOfflineModel } from '../../src/offline/offline.ts';
import { requestOf, rowsOf } from './database.ts';
import { schemaOf } from './schema.ts';

const rows = rowsOf(`
  CREATE TABLE farmers (id INTEGER PRIMARY KEY, name TEXT, born_on DATE, state TEXT);
  CREATE TABLE employees (id INTEGER PRIMARY KEY, name TEXT, mentor_id INTEGER REFERENCES employees(id));
  CREATE TABLE machines (id INTEGER PRIMARY KEY, name TEXT, price DECIMAL, bought_on DATE);
  CREATE TABLE loans (id INTEGER PRIMARY KEY, farmer_id INTEGER REFERENCES farmers(id), approved_by INTEGER REFERENCES employees(id),
    inspected_by INTEGER REFERENCES employees(id), lent_on DATE,
    cancelled INTEGER);
  CREATE TABLE loan_items (id INTEGER PRIMARY KEY, loan_id INTEGER REFERENCES loans(id), machine_id INTEGER REFERENCES machines(id),
    quantity INTEGER);
  CREATE TABLE services (id INTEGER PRIMARY KEY, machine_id INTEGER REFERENCES machines(id), cost DECIMAL, delay_minutes INTEGER);
  INSERT INTO farmers VALUES (1, 'Vogt', '1990-02-03', 'cancelled'), (2, 'Rey', '1971-12-01', 'here');
  INSERT INTO employees VALUES (1, 'Una', NULL), (2, 'Piotr', 1), (3, 'Sefa', 1);
  INSERT INTO machines VALUES (1, 'baler', 900, '2025-02-01'), (2, 'plough', 300, '2024-02-01');
  INSERT INTO loans VALUES (1, 1, 2, 3, '2025-03-01', 1), (2, 1, 2, 3, '2025-04-01', 0), (3, 2, 3, 1, '2024-03-01', 0), (4, 1, 3, 1, '2024-05-01', 0),
    (5, 2, 3, 3, '2024-07-01', 0);
  INSERT INTO loan_items VALUES (1, 1, 1, 2), (2, 2, 2, 1);
  INSERT INTO services VALUES (1, 1, 50, 5), (2, 1, 70, 0), (3, 2, 10, 20), (4, 2, 10, 0);
`);
const schema = schemaOf(
  'sqlite',
  `
  farmers: id integer, name text, born_on date, state text
  employees: id integer, name text, mentor_id integer >employees.id
  machines: id integer, name text, price decimal, bought_on date
  loans: id integer, farmer_id integer >farmers.id, approved_by integer >employees.id, inspected_by integer >employees.id, lent_on date, cancelled integer
  loan_items: id integer, loan_id integer >loans.id, machine_id integer >machines.id, quantity integer
  services: id integer, machine_id integer >machines.id, cost decimal, delay_minutes integer
  `,
);
const model = createOfflineModel();
const signal = new AbortController().signal;
const now = new Date('2026-11-28T12:00:00Z');

/** The rows that an answer gives, or that it is none. */
async function answered(question: string): Promise<unknown> {
  const { answer } = await model.answer({ ...requestOf(question, schema, rows.values), now }, signal);
  return answer.kind === 'sql' ? rows.run(answer.sql) : answer.kind;
}

describe('who and what a question asks for', () => {
  it.each([
    // By the key that says who did it, and by no other that ties people to the rows.
    ['who approved the most loans?', [['Sefa']]],
    ['who approved most loans in 2025', [['Piotr']]],
    ['who inspected the most loans', [['Sefa']]],
    // The loans say themselves whether they are, and not what their farmers are.
    ['how many cancelled loans are there', [[1]]],
    // A delay of nothing is none.
    ['how many services with a delay', [[2]]],
    ['how many services without a delay', [[2]]],
    // Both groups, and not the months alone.
    [
      'loans by month and farmer in 2024',
      [
        ['2024-03', 'Rey', 1],
        ['2024-05', 'Vogt', 1],
        ['2024-07', 'Rey', 1],
      ],
    ],
    // Both years are those of the loans.
    ['farmers who borrowed in 2024 but not in 2025', [['Rey']]],
    ['farmers who borrowed in 2025 but not in 2024', []],
  ])('%s', async (question, expected) => {
    await expect(answered(question)).resolves.toEqual(expected);
  });

  it.each([
    // No farmer approves.
    'which farmer approved the most loans',
    // Money is not how often.
    'which farmers paid the most in 2025',
    // Any loan ever does not say what they have now.
    'farmers who still have loans',
    // No machine is one of the people.
    'how many people used the baler',
    // A day is no age.
    'how old is Vogt',
    // No machine does a service.
    'who serviced the most machines',
    // Of both years, or of one of them.
    'farmers who borrowed in 2024 and 2025',
    // Only their births are dated.
    'number of farmers in 1990',
    // A delay is not how long something took.
    'longest service',
    // A sum, and no list.
    'cost of all services together',
    // The cost that most services have is not the highest of a machine.
    'which machine cost most in services',
    // What a machine was bought for is no income.
    'revenue by machine in 2025',
    // A number is nobody's name.
    'who is the mentor of the most employees',
  ])('%s has no answer', async (question) => {
    await expect(answered(question)).resolves.toMatch(/unanswerable|clarification/u);
  });
});
