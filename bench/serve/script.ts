import * as z from 'zod';

/** What the model's process is told. */
export const messageSchema = z.object({ delay: z.number().optional() });

/** Words of a question by which the scripted model knows what is to be answered. */
export const questionWord = {
  /** Not at all: whoever asks waits. */
  never: 'never answered',
  list: 'list of orders',
  /** With a column that there is not, until it hears of that. */
  wrong: 'wrong at first',
  follow: 'of the United Kingdom',
} as const;

const count = 'SELECT COUNT(c.id) AS count FROM customers AS c LIMIT 1000';

/** The one query of the comparison, as nl2sql has its model write it. */
const plan = {
  query_type: 'READ',
  distinct: false,
  tables: [{ name: 'customers', alias: 'c', ordinal: 0 }],
  joins: [],
  select_items: [
    {
      expr: {
        kind: 'func',
        func_name: 'COUNT',
        is_aggregate: true,
        args: [{ kind: 'column', alias: 'c', column_name: 'id' }],
      },
      alias: 'count',
      ordinal: 0,
    },
  ],
  where: null,
  group_by: [],
  having: null,
  order_by: [],
  limit: null,
  offset: null,
  reasoning: 'count',
};

/** What the scripted model says: to the peer by what it wants, to sqlq by what the question is. */
export const replies: {
  readonly peer: Readonly<Record<string, object>>;
  sqlq(prompt: string): Readonly<Record<string, unknown>>;
} = {
  peer: {
    SchemaEnrichment: { datasource: { description: 'A shop' }, tables: {}, columns: {} },
    DecomposerResponse: {
      sub_queries: [
        {
          id: 'q1',
          datasource_id: 'shop',
          intent: 'count customers',
          metrics: [{ name: 'customers', aggregation: 'count' }],
          expected_schema: [{ name: 'count', dtype: 'int' }],
        },
      ],
      combine_groups: [
        { group_id: 'g1', operation: 'standalone', inputs: [{ subquery_id: 'q1', role: 'base' }] },
      ],
      post_combine_ops: [],
      unmapped_subqueries: [],
    },
    PlanModel: plan,
    AggregatedResponse: {
      summary: 'There are 60 customers.',
      format_type: 'text',
      content: '60',
      warnings: [],
    },
  },
  sqlq(prompt) {
    if (prompt.includes(questionWord.follow)) {
      return {
        sql: "SELECT COUNT(id) AS count FROM customers WHERE country = 'UK'",
        assumptions: ['United Kingdom means UK.'],
      };
    }
    if (prompt.includes(questionWord.list)) {
      return { sql: 'SELECT id, customer_id, total, note FROM orders ORDER BY id', assumptions: [] };
    }
    if (prompt.includes(questionWord.wrong) && !prompt.includes('surname')) {
      return { sql: 'SELECT surname FROM customers', assumptions: [] };
    }
    return { sql: count, assumptions: [] };
  },
};
