import { defineCommand } from '../../command.ts';
import { askOptions } from './options.ts';

/** `sqlq ask`: a question in plain words. */
export const ask = defineCommand({
  name: 'ask',
  summary: 'turn a question into SQL, show it, and run it',
  argument: {
    words: '[question...]',
    description: 'the question; "-" or none reads it from standard input',
  },
  options: askOptions,
  help: `Examples:
  sqlq ask --db sample "which country has the most customers?"
  sqlq ask --db sample --yes --format json "number of customers by country" | jq .
  echo "how many orders were cancelled?" | sqlq ask --db sample --yes
  sqlq ask --db sample --yes --format html --output customers.html "number of customers by country"
  sqlq ask --db sample --dry-run "customers without an order"
  sqlq ask --db sample --yes --check "value > 0" "how many orders are there?"
  sqlq ask --db sample --yes --json-envelope "how many orders are there?" | jq .doubts
  sqlq ask --db sample --batch questions.txt --output answers.jsonl`,
  opensDatabase: true,
  load: () => import('./run.ts'),
});
