import { describe, expect, it } from 'vitest';
import { readValueIndex } from '../../src/ask/cache/value-index.ts';
import type { DatabaseClient } from '../../src/database/process/client.ts';
import { fake } from '../support/fake.ts';
import { column, schema, table } from '../support/schema.ts';

const shop = schema([
  table('customers', [
    column('name'),
    column('photo', 'bytea'),
    column('state', 'text', { values: ['new'] }),
  ]),
  table('notes', [column('body')]),
]);

/** Reads the index as one run after the other does, with one store. */
function reader(fingerprint: () => string | null) {
  const texts = new Map<string, string>();
  const store = {
    read: async (key: string) => texts.get(key) ?? null,
    write: async (key: string, text: string) => void texts.set(key, text),
  };
  const database = fake<DatabaseClient>('the database', {
    dataFingerprint: async () => fingerprint(),
    distinctValues: async ({ columns }) =>
      columns.map(({ table: name }) => (name === 'notes' ? null : ['Ann', 'Bob'])),
  });
  const read = (from = shop) =>
    readValueIndex(database.value, from, store, ['shop'], new AbortController().signal);
  return { read, texts, reads: () => database.of('distinctValues') };
}

describe('the index of stored values', () => {
  it('asks for the columns that hold words, and knows a column of too many values from none', async () => {
    const { read, reads } = reader(() => 'one');
    const index = await read();
    expect(reads()[0]?.[0]).toMatchObject({
      columns: [
        { schema: 'public', table: 'customers', column: 'name' },
        { schema: 'public', table: 'notes', column: 'body' },
      ],
    });
    expect(index.valuesOf('public', 'customers', 'name')).toEqual(['Ann', 'Bob']);
    expect(index.valuesOf('public', 'notes', 'body')).toBeNull();
    expect(index.valuesOf('public', 'customers', 'photo')).toBeNull();
  });

  it('is read from the store while neither the data nor the columns change', async () => {
    let data = 'one';
    const { read, reads } = reader(() => data);
    await read();
    expect((await read()).valuesOf('public', 'customers', 'name')).toEqual(['Ann', 'Bob']);
    expect(reads()).toHaveLength(1);
    data = 'two';
    await read();
    expect(reads()).toHaveLength(2);
    await read(schema([table('customers', [column('name'), column('town')])]));
    expect(reads()).toHaveLength(3);
  });

  it('is kept nowhere where changes can not be seen, and read anew where the file is cut', async () => {
    const unseen = reader(() => null);
    await unseen.read();
    await unseen.read();
    expect(unseen.reads()).toHaveLength(2);
    expect(unseen.texts.size).toBe(0);
    const cut = reader(() => 'one');
    await cut.read();
    for (const [key, text] of cut.texts) {
      cut.texts.set(key, text.slice(0, -4));
    }
    await cut.read();
    expect(cut.reads()).toHaveLength(2);
  });
});
