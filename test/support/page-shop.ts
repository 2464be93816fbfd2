import type { ApiAnswer } from '../../src/serve/api/answer.ts';
import {
  answerWith,
  errorBody,
  type PageServer,
  rowsText,
  sendRows,
  streamAnswer,
  streamEvents,
} from './page-server.ts';

const revenueSql = `SELECT SUM(oi.quantity * oi.unit_price) AS revenue
FROM orders o
JOIN order_items oi ON oi.order_id = o.id
JOIN customers c ON c.id = o.customer_id
WHERE c.country = 'Germany'
  AND o.ordered_at >= '2025-01-01' -- last year
  AND o.ordered_at < '2026-01-01'`;

const answers: Readonly<Record<string, Partial<ApiAnswer>>> = {
  'How much did we earn in Germany last year?': {
    id: 'revenue',
    sql: revenueSql,
    assumptions: [
      { number: 1, text: '“earn” is quantity times unit price, before refunds', spelling: false },
      { number: 2, text: 'last year is 2025', spelling: false },
      { number: 3, text: '“germany” is stored as Germany', spelling: true },
    ],
    doubts: [
      {
        kind: 'status',
        sentence:
          '214 of 3,120 orders are cancelled or refunded, and nothing leaves them out: 48,310.20 of this.',
        evidence: { cancelled: 214, orders: 3120 },
        mendedSql: `${revenueSql}\n  AND o.status NOT IN ('cancelled', 'refunded')`,
      },
    ],
    notLooked: ['Whether unit prices are in one currency: no column says so.'],
    sources: ['docs/metrics.md, “Revenue”'],
    plan: {
      columns: [{ name: 'revenue', type: 'numeric' }],
      rows: 1,
      cost: null,
      text: 'SCAN o\nSEARCH oi USING INDEX order_items_order (order_id=?)\nSEARCH c USING INTEGER PRIMARY KEY (rowid=?)',
    },
    dollars: 0.0021,
  },
  'And the customers with the highest revenue?': {
    id: 'customers',
    sql: 'SELECT c.name, c.city, SUM(oi.quantity * oi.unit_price) AS revenue, COUNT(DISTINCT o.id) AS orders\nFROM customers c\nJOIN orders o ON o.customer_id = c.id\nJOIN order_items oi ON oi.order_id = o.id\nGROUP BY c.id\nORDER BY revenue DESC\nLIMIT 12',
    assumptions: [{ number: 1, text: 'the twelve highest', spelling: false }],
  },
  'Revenue by month': {
    id: 'months',
    sql: "SELECT strftime('%Y-%m', ordered_at) AS month, SUM(total) AS revenue\nFROM orders\nGROUP BY month\nORDER BY month",
  },
  'Set the price of mugs to 12': {
    id: 'change',
    statement: 'write',
    sql: "UPDATE products SET price = 12 WHERE name = 'Mug'",
  },
};

const people = [
  ['Brandt & Söhne', 'Hamburg', '48210.50', 212],
  ['Kaffeehaus Lindner', 'Berlin', '41877.00', 198],
  ['Zoë Petersen', 'Köln', '39120.25', 160],
  ['Ostsee Handel', 'Rostock', '30004.75', 141],
  ['Ayşe Yıldız', 'Berlin', '28450.00', 133],
  ['Müller KG', 'München', '25110.90', 120],
  ['Nordlicht GmbH', 'Kiel', '21700.00', 98],
  ['L’Atelier', 'Saarbrücken', '20815.40', 77],
  ['Teehaus Wang', 'Frankfurt', '18222.10', 75],
  ['Elbe Papier', 'Dresden', '15090.00', 61],
  ['Café Ida', null, '12044.35', 58],
  ['Hofladen Grün', 'Ulm', '9810.00', 44],
] as const;

const months = Array.from({ length: 18 }, (_, index) => [
  `${2024 + Math.floor((index + 6) / 12)}-${String(((index + 6) % 12) + 1).padStart(2, '0')}`,
  Math.round(32_000 + 9_000 * Math.sin(index / 2.1) + index * 1_450),
]);

const results: Readonly<Record<string, string>> = {
  revenue: rowsText([['revenue', 'numeric']], [['1284310.55']]),
  customers: rowsText(
    [
      ['name', 'text'],
      ['city', 'text'],
      ['revenue', 'numeric'],
      ['orders', 'integer'],
    ],
    people,
  ),
  months: rowsText(
    [
      ['month', 'text'],
      ['revenue', 'numeric'],
    ],
    months,
  ),
};

/** A shop whose questions have been asked before, with an answer of each kind. */
export function scriptShop(server: PageServer): void {
  const time = '2026-11-27T16:20:00.000Z';
  server.on('GET /v1/conversations', () => ({
    conversations: [
      { id: 'c1', title: 'How much did we earn in Germany last year?', time, turns: 4 },
      { id: 'c2', title: 'Which products are sold out?', time: '2026-11-26T10:05:00.000Z', turns: 2 },
      { id: 'c3', title: 'Customers without an order', time: '2026-11-20T08:41:00.000Z', turns: 1 },
    ],
  }));
  server.on('GET /v1/saved', () => ({
    saved: [
      {
        name: 'revenue-by-country',
        question: 'Revenue of one country in one year',
        sql: 'SELECT SUM(total) FROM orders WHERE country = :country AND year = :year',
        parameters: [
          {
            name: 'country',
            type: 'text',
            default: 'Germany',
            choices: ['Germany', 'France', 'Spain'],
            description: null,
          },
          { name: 'year', type: 'integer', default: 2025, choices: null, description: 'four digits' },
        ],
      },
    ],
  }));
  server.on('POST /v1/ask', ({ body }, reply) => {
    const { question } = body as { question: string };
    if (question === 'something slow') {
      streamEvents(reply, [
        ['step', { text: 'Reading the schema', seconds: 0 }],
        ['step', { text: 'Asking qwen3', seconds: 0.1 }],
      ]);
    } else if (question === 'Drop the customers') {
      const refused = errorBody(
        'refused',
        'DROP TABLE is refused: nothing but reading is allowed here.',
        'Ask for what you want to know, or start the server with --write.',
      );
      streamEvents(reply, [['error', refused]]);
      reply.raw.end();
    } else if (question === 'Show the best ones') {
      streamAnswer(reply, {
        kind: 'clarification',
        id: 'q1',
        question,
        database: 'shop',
        conversation: 'c1',
        asks: 'Best by what?',
        choices: [
          { interpretation: 'Products by revenue', sql: 'SELECT name FROM products ORDER BY revenue DESC' },
          { interpretation: 'Products by pieces sold', sql: null },
          { interpretation: 'Customers by number of orders', sql: null },
        ],
      });
    } else {
      streamAnswer(reply, answerWith({ ...answers[question], question }), [
        'Reading the schema',
        'Asking qwen3',
      ]);
    }
  });
  server.on('POST /v1/answers/{id}/run', ({ url }, reply) => {
    const id = url.split('/')[3] ?? '';
    return id === 'change'
      ? { changes: [{ table: 'products', rows: 3 }], notes: ['Two triggers run along.'], digest: 'd1' }
      : sendRows(reply, results[id] ?? rowsText([['n', 'integer']], [[1]]));
  });
}
