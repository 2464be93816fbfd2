import { budget } from './endpoints.ts';
import { setting } from './setting.ts';

/** What all questions may take of models. */
export const budgetSettings = {
  budget: setting({
    kind: budget,
    flag: '--budget <amount>',
    variable: 'SQLQ_BUDGET',
    files: 'own',
    about: 'stop a question before it takes more of a model than this, such as "20000 tokens" or "$0.05"',
    builtIn: null,
    example: { tokens: 20_000, dollars: null },
  }),
  dayBudget: setting({
    kind: budget,
    flag: null,
    variable: 'SQLQ_DAY_BUDGET',
    files: 'own',
    about: 'stop before all questions of a day take more of models than this, such as "$2"',
    builtIn: null,
    example: { tokens: null, dollars: 2 },
  }),
  monthBudget: setting({
    kind: budget,
    flag: null,
    variable: 'SQLQ_MONTH_BUDGET',
    files: 'own',
    about: 'stop before all questions of a month take more of models than this, such as "2M tokens, $20"',
    builtIn: null,
    example: { tokens: 2_000_000, dollars: 20 },
  }),
};
