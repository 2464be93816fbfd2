import * as z from 'zod';
import { type Assertion, parseAssertion } from './assertion.ts';
import { Numeral } from './literal.ts';

const name = z.string().min(1);

const literal = z.union(
  [
    z.null(),
    z.boolean(),
    z.string(),
    z.number().transform((value) => new Numeral(String(value))),
    // A number that JavaScript can't hold, as the reader of suites hands it over.
    z.instanceof(Numeral),
  ],
  'expected a value: null, true, false, a number or a text',
);

/** A row: its values in order, its values by column, or the one value of a single column. */
const row = z.union(
  [z.array(literal), z.record(z.string(), literal), literal],
  'expected a row: a list of values, or column: value',
);

const rows = z.union(
  [
    z.array(row),
    z.strictObject({ unordered: z.array(row).describe('These rows, in any order.') }),
    z.strictObject({
      sql: name.describe('A query that returns the right rows.'),
      ordered: z.boolean().optional().describe('Whether their order counts; not unless set.'),
    }),
  ],
  'expected a list of rows, or unordered: a list of rows, or sql: a query that returns them',
);

const pattern = checked(name, (text) => new RegExp(text, 'isu'), 'a regular expression');

const expectations = z.strictObject({
  rows: rows.optional().describe('The rows: in order, in any order (unordered), or those of a query (sql).'),
  count: z.int().min(0).optional().describe('How many rows there are.'),
  columns: z
    .union([z.int().positive(), z.array(name)], 'expected a number of columns, or a list of their names')
    .optional()
    .describe('How many columns there are, or what they are called, in order.'),
  value: literal.optional().describe("The first row's first value."),
  check: checked(name, parseAssertion, 'a check such as: rows > 0 and value >= 100')
    .optional()
    .describe('Comparisons of rows, columns and value, such as: rows > 0 and value >= 100'),
  tolerance: z.number().positive().optional().describe('How far numbers may be off, and still be the same.'),
  sql: z
    .union([pattern, z.array(pattern)], 'expected a regular expression, or a list of them')
    .optional()
    .describe('Regular expressions that the SQL has to match, case aside.'),
  reads: z.array(name).optional().describe('The tables that the SQL reads: these and no others.'),
  doubts: z
    .literal('none', 'expected none')
    .optional()
    .describe('That there is no reason in the data to doubt the answer: none.'),
  refused: z
    .union([z.literal(3), z.literal(4)], 'expected 3 (refused by the guard) or 4 (unanswerable)')
    .optional()
    .describe('The exit code of a question that has to be refused: 3 by the guard, 4 as unanswerable.'),
  max_tokens: z.int().positive().optional().describe('Warn where prompt and reply take more tokens.'),
  max_milliseconds: z.number().positive().optional().describe('Warn where question and rows take longer.'),
});

const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/u, 'expected a day such as 2026-03-31')
  .transform((text, context) => {
    const date = new Date(`${text}T12:00:00`);
    if (!Number.isNaN(date.getTime()) && date.getDate() === Number(text.slice(8))) {
      return date;
    }
    context.issues.push({
      code: 'custom',
      message: 'expected a day that there is',
      input: text,
    });
    return z.NEVER;
  });

const where = {
  database: name
    .optional()
    .describe('A name of the settings, a URL or a path, which starts at this file, or sample.'),
  profile: name.optional().describe('The provider profile, a name of the settings.'),
  model: name.optional().describe("The model's name, instead of the profile's own."),
  today: day.optional().describe('The day that "today" and "last year" start from.'),
};

const testCase = z
  .strictObject({
    question: name.describe('The question, in plain words.'),
    name: name.optional().describe('What the case is called; the question unless set.'),
    ...where,
    expect: expectations
      .default({})
      .describe('What has to hold of the answer; that there is one unless set.'),
  })
  .refine(
    ({ expect: { refused, max_tokens: _, max_milliseconds: __, ...rest } }) =>
      refused === undefined || Object.keys(rest).length === 0,
    { path: ['expect', 'refused'], message: 'a question that is refused has no rows and no SQL to expect' },
  );

/** A file of questions with what has to hold of their answers. The editors' JSON Schema is made from it. */
export const suiteSchema = z.strictObject({
  $schema: z.string().optional().describe('The JSON Schema of this file, for editors.'),
  ...where,
  cases: z.array(testCase).min(1).describe('The questions.'),
});

export type SuiteFile = z.output<typeof suiteSchema>;
export type Expectations = SuiteFile['cases'][number]['expect'];
export type ExpectedRow = z.output<typeof row>;

/** The schemas of a suite's objects by their place, for the names that may stand there. */
export const suiteParts = { case: testCase, expect: expectations };

/** A text that another reader understands, as what that made of it. */
function checked<Value extends Assertion | RegExp>(
  text: z.ZodString,
  read: (text: string) => Value,
  what: string,
) {
  return text.transform((value, context): Value => {
    try {
      return read(value);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      context.issues.push({ code: 'custom', message: `expected ${what}: ${reason}`, input: value });
      return z.NEVER;
    }
  });
}
