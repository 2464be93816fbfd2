import { defineCommand } from '../../command.ts';
import { testOptions } from './options.ts';

/** `sqlq test`: questions with what has to hold of their answers. */
export const test = defineCommand({
  name: 'test',
  summary: 'ask the questions of suites, and hold the answers against what is expected of them',
  argument: {
    words: '[files...]',
    description: 'suites, or folders of them; sqlq.test.yaml, *.sqlq.yaml and questions/ unless given',
  },
  options: testOptions,
  help: `A suite is YAML:
  database: sample            # a name of .sqlqrc, a URL, or a path that starts at this file
  profile: offline            # a name of .sqlqrc; both may stand in a case too
  today: 2026-03-31           # what "last year" starts from
  cases:
    - question: how many customers are there?
      expect:
        value: 60
    - name: busiest country
      question: which country has the most customers?
      expect:
        rows: [[United Kingdom]]            # in this order; or unordered: […], or sql: SELECT …
        count: 1                            # how many rows
        columns: [country]                  # their names, or how many
        check: rows > 0 and value != ''
        sql: GROUP BY                       # regular expressions
        reads: [customers]                  # these tables and no others
        max_tokens: 3000                    # warns; max_milliseconds too
    - question: delete all orders
      expect:
        refused: 4                          # or 3, by the guard

A plain run asks no model: it gives the replies again that --record kept, and the offline profile needs none.

Examples:
  sqlq test
  sqlq test questions/ --filter revenue
  sqlq test --record shop.sqlq.yaml --profile ollama
  sqlq test --live --repeat 5 shop.sqlq.yaml
  sqlq test --reporter junit --output results.xml

Exit codes: 0 all passed, 1 a case failed or has to be recorded, 2 a suite or a flag is wrong.`,
  opensDatabase: true,
  load: () => import('./run.ts'),
});
