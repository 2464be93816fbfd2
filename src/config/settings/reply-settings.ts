import { number, wholeNumber } from './kind.ts';
import { setting } from './setting.ts';

/** Settings of what a model is told and how it replies. */
export const replySettings = {
  maxTokens: setting({
    kind: wholeNumber(1),
    flag: '--max-tokens <number>',
    variable: 'SQLQ_MAX_TOKENS',
    files: 'none',
    about: 'the longest reply, in tokens',
    builtIn: null,
    unset: "the profile's own, or 2048",
    example: 2048,
  }),
  schemaTokens: setting({
    kind: wholeNumber(500),
    flag: null,
    variable: 'SQLQ_SCHEMA_TOKENS',
    files: 'any',
    about: 'how many tokens of the schema a model is told at most',
    builtIn: null,
    unset: 'what its window has room for, and 8000 where that is unknown',
    example: 8000,
  }),
  temperature: setting({
    kind: number({ from: 0, to: 2 }),
    flag: '--temperature <number>',
    variable: 'SQLQ_TEMPERATURE',
    files: 'none',
    about: 'how freely tokens are drawn; 0 takes the likeliest',
    builtIn: null,
    unset: "the profile's own, or 0",
    example: 0,
  }),
  lookSteps: setting({
    kind: wholeNumber(0, 20),
    flag: '--look-steps <number>',
    variable: 'SQLQ_LOOK_STEPS',
    files: 'any',
    about: 'how often a model may look before it answers: for tables, values and what SQL would do',
    builtIn: null,
    unset: '6 where tables are left out of what it is told, else 0',
    example: 6,
  }),
};
