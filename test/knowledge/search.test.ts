import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { addDocuments, type Outcome } from '../../src/knowledge/add.ts';
import { withDescriptions } from '../../src/knowledge/comments.ts';
import { expressionNotes, metricNotes } from '../../src/knowledge/definitions.ts';
import { piecesFor } from '../../src/knowledge/recall.ts';
import { descriptionsOf, listDocuments, openDocuments, type Store } from '../../src/knowledge/store.ts';
import { keepVectors, piecesWithoutVector } from '../../src/knowledge/vectors.ts';
import { column, schema, table } from '../support/schema.ts';

const shop = schema([
  table('customers', [column('id'), column('name')]),
  table('orders', [column('id'), column('status'), column('customer_id')]),
  table('order_items', [column('order_id'), column('unit_price'), column('quantity')]),
]);

const opened: Store[] = [];
afterAll(() => {
  for (const store of opened) {
    store.close();
  }
});

/** A folder of files, added for the database `shop`. */
async function added(files: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), 'sqlq-docs-'));
  const write = (name: string, text: string): void => {
    const path = join(folder, 'docs', name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  };
  for (const [name, text] of Object.entries(files)) {
    write(name, text);
  }
  const store = await openDocuments(join(folder, 'state', 'documents.sqlite'));
  opened.push(store);
  const add = (path = 'docs', place = 'shop'): Promise<readonly Outcome[]> =>
    addDocuments({
      store,
      place,
      path,
      workingDirectory: folder,
      source: null,
      redact: (text) => text.replaceAll('hunter2', '***'),
      now: () => new Date(),
      signal: new AbortController().signal,
    });
  return { folder, store, write, add, outcomes: await add() };
}

const found = (store: Store, question: string, most = 5): string[] =>
  piecesFor(store, question, shop, {
    place: 'shop',
    kinds: ['text', 'table', 'metric'],
    meaning: null,
    most,
  }).map(({ source, headings }) => `${source} § ${headings.at(-1)}`);

describe('what a question finds', () => {
  const noise = Object.fromEntries(
    Array.from({ length: 60 }, (_, index) => [
      `n${index}.md`,
      `# Page ${index}\n\nHow customers and orders are handled, part ${index}.`,
    ]),
  );
  const files = {
    ...noise,
    'metrics.md':
      '# Metrics\n\n## Active customer\n\nOrdered in the last 90 days.\n\n## Churned\n\nNo order for a year.\n',
    'tables.md': '# Tables\n\n## order_items\n\nPrices are in cents.\n',
    'sprache.md':
      '# Begriffe\n\n## Stammkundinnen\n\nKundinnen mit drei Käufen.\n\n## Großkunde\n\nAb tausend im Jahr.\n\n# Términos\n\n## Clientes fieles\n\nCompran cada año.\n',
    'zh.md': '# 指标\n\n## 活跃客户\n\n最近九十天下过订单的客户。\n',
    'names.md': '# Fields\n\n## unitPriceGross\n\nWith taxes.\n',
  };

  it('is the piece that defines its words, and none that shares a common one', async () => {
    const { store } = await added(files);
    expect(found(store, 'how many active customers are there?')).toEqual([
      'docs/metrics.md § Active customer',
    ]);
    expect(found(store, 'which customers have churned')[0]).toBe('docs/metrics.md § Churned');
    expect(found(store, 'how many customers are there')).toEqual([]);
    expect(found(store, 'sum of the unit price per order item')).toContain('docs/tables.md § order_items');
    expect(found(store, 'wie viele Stammkundinnen gibt es')).toEqual(['docs/sprache.md § Stammkundinnen']);
    expect(found(store, 'Umsatz der Großkunden')).toEqual(['docs/sprache.md § Großkunde']);
    expect(found(store, '¿cuántos clientes fieles hay?')[0]).toBe('docs/sprache.md § Clientes fieles');
    expect(found(store, '有多少活跃客户')).toEqual(['docs/zh.md § 活跃客户']);
    expect(found(store, 'gross unit price')).toContain('docs/names.md § unitPriceGross');
    expect(found(store, '"" OR NEAR( * ^')).toEqual([]);
  });

  it('is of its own database, and bounded', async () => {
    const { store, add } = await added(files);
    await add('docs/metrics.md', 'other');
    expect(found(store, 'active customers')).toHaveLength(1);
    expect(found(store, 'handled part page', 3).length).toBeLessThanOrEqual(3);
  });

  it('is by meaning too where there are vectors, ranked together', async () => {
    const { store } = await added(files);
    const pieces = piecesWithoutVector(store, 'shop', 'm');
    const isChurn = (text: string): boolean => text.includes('Churned');
    keepVectors(
      store,
      'm',
      pieces.map(({ id, text }) => ({ id, vector: Float32Array.of(isChurn(text) ? 1 : 0.1, 1) })),
    );
    expect(piecesWithoutVector(store, 'shop', 'm')).toEqual([]);
    const meaning = { model: 'm', vector: Float32Array.of(1, 1) };
    const ask = (question: string) =>
      piecesFor(store, question, shop, { place: 'shop', kinds: ['text'], meaning, most: 2 }).map(
        ({ headings }) => headings.at(-1),
      );
    expect(ask('who left us')).toEqual(['Churned']);
    expect(ask('active customers')).toEqual(expect.arrayContaining(['Active customer', 'Churned']));
  });
});

describe('a folder', () => {
  it('is read without links, hidden files and other people’s code; each refusal is said', async () => {
    const { folder, store, add } = await added({
      'a.md': '# A\n\nThe key is hunter2.',
      'node_modules/x/README.md': '# X',
      '.git/y.md': '# Y',
      'broken.md': '\u0000\u0001',
      'data.csv': 'a,b',
      'conf.yml': 'a: 1',
    });
    symlinkSync('/etc/passwd', join(folder, 'docs/link.txt'));
    symlinkSync(join(folder, 'docs'), join(folder, 'docs/round'));
    const outcomes = await add();
    expect(outcomes.map(({ source, change }) => `${change} ${source}`).sort()).toEqual([
      'left out docs/broken.md',
      'left out docs/conf.yml',
      'left out docs/link.txt',
      'unchanged docs/a.md',
    ]);
    expect(store.prepare('SELECT text FROM piece').all()).toEqual([{ text: 'The key is ***.' }]);
    await expect(add('/dev/zero')).rejects.toThrow('it is no plain file');
    await expect(add('nothing')).rejects.toThrow('nothing lies there');
  });

  it('that is added again replaces what changed and drops what is gone', async () => {
    const { folder, store, write, add } = await added({
      'a.md': '# A\n\nzebra',
      'b.md': '# B\n\nlion',
      'c.md': '# C\n\nbear',
    });
    write('a.md', '# A\n\ngiraffe');
    rmSync(join(folder, 'docs/b.md'));
    const outcomes = await add();
    expect(Object.fromEntries(outcomes.map(({ source, change }) => [source, change]))).toEqual({
      'docs/a.md': 'replaced',
      'docs/b.md': 'gone',
      'docs/c.md': 'unchanged',
    });
    expect([found(store, 'zebra'), found(store, 'lion'), found(store, 'giraffe')]).toEqual([
      [],
      [],
      ['docs/a.md § A'],
    ]);
    expect(listDocuments(store, 'shop').map(({ source }) => source)).toEqual(['docs/a.md', 'docs/c.md']);
    expect(store.prepare('SELECT count(*) AS n FROM word').get()).toEqual({ n: 2 });
  });

  it('of dbt fills in its blocks and describes what the database does not', async () => {
    const { store } = await added({
      'models/schema.yml': `models:
  - name: orders
    description: '{{ doc("orders") }}'
    columns: [{name: status, description: Of the parcel}, {name: iban, description: Hidden}]
`,
      'models/docs.md': '{% docs orders %}\nAll orders.\n{% enddocs %}\n',
      'dbt_packages/p/models/x.md': '# X',
      'target/compiled/x.sql': 'SELECT 1',
    });
    expect(listDocuments(store, 'shop').map(({ source }) => source)).toEqual([
      'docs/models/docs.md',
      'docs/models/schema.yml',
    ]);
    const described = withDescriptions(
      schema([
        table('orders', [column('id'), { ...column('status'), comment: 'Its own.' }, column('customer_id')]),
      ]),
      descriptionsOf(store, 'shop'),
    );
    expect(described.tables[0]).toMatchObject({ comment: 'All orders.' });
    expect(described.tables[0]?.columns.map(({ comment }) => comment)).toEqual([null, 'Its own.', null]);
    const [piece] = piecesFor(store, 'orders status', shop, {
      place: 'shop',
      kinds: ['table'],
      meaning: null,
      most: 1,
    });
    expect(piece?.text).toBe('All orders.\n\n- status: Of the parcel');
  });
});

it('two documents that define a word otherwise define nothing, and a note of the user wins', async () => {
  const sum = 'order_items.quantity * order_items.unit_price';
  const { store } = await added({
    'a.md': `# A\n\n- takings = ${sum}\n- basket = ${sum}\n`,
    'b.md': '# B\n\n- takings = order_items.quantity * 2\n',
  });
  const { notes, problems } = expressionNotes(store, 'shop', 'takings and basket', shop, []);
  expect(notes).toEqual([{ term: 'basket', meaning: sum, source: 'docs/a.md § A' }]);
  expect(problems).toEqual([
    '"takings" is defined in docs/a.md § A and otherwise in docs/b.md § B: neither counts.',
  ]);
  const own = [
    { term: 'Takings', meaning: 'x', table: null },
    { term: 'basket', meaning: 'y', table: null },
  ];
  expect(expressionNotes(store, 'shop', 'takings and basket', shop, own)).toEqual({
    notes: [],
    problems: [],
  });
});

it('a metric that two files of a project have is one note', async () => {
  const metric =
    'metrics:\n  - {name: sales, calculation_method: sum, expression: quantity, model: ref("order_items")}\n';
  const { store } = await added({ 'a.yml': metric, 'b.yml': metric });
  expect(metricNotes(store, 'shop', 'sales by month', shop, [])).toMatchObject([
    { term: 'sales', meaning: 'SUM(order_items.quantity)' },
  ]);
});
