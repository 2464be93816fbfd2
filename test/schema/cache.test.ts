import { describe, expect, it } from 'vitest';
import { cachedSchema, type TextStore } from '../../src/schema/cache.ts';
import { schema, table } from '../support/schema.ts';

function memoryStore(): TextStore & { readonly texts: Map<string, string> } {
  const texts = new Map<string, string>();
  return {
    texts,
    read: async (key) => texts.get(key) ?? null,
    write: async (key, text) => void texts.set(key, text),
  };
}

function source(fingerprint: string): {
  reads: number;
  fingerprint(): Promise<string>;
  introspect(): Promise<ReturnType<typeof schema>>;
} {
  return {
    reads: 0,
    fingerprint: async () => fingerprint,
    async introspect() {
      this.reads += 1;
      return schema([table(`made_by_${fingerprint}`, [])]);
    },
  };
}

describe('cachedSchema', () => {
  it('reads a database once while its fingerprint stays', async () => {
    const store = memoryStore();
    const first = source('one');
    expect((await cachedSchema(store, ['db'], first, false)).cached).toBe(false);
    const again = await cachedSchema(store, ['db'], first, false);
    expect(again.cached).toBe(true);
    expect(again.schema.tables[0]?.name).toBe('made_by_one');
    expect(first.reads).toBe(1);
  });

  it('reads anew when the schema has changed, when asked to, and for another identity', async () => {
    const store = memoryStore();
    await cachedSchema(store, ['db'], source('one'), false);
    expect((await cachedSchema(store, ['db'], source('two'), false)).schema.tables[0]?.name).toBe(
      'made_by_two',
    );
    expect((await cachedSchema(store, ['db'], source('two'), true)).cached).toBe(false);
    expect((await cachedSchema(store, ['db', 'other role'], source('two'), false)).cached).toBe(false);
  });

  it('reads anew where the stored text is damaged or of another version', async () => {
    const store = memoryStore();
    await cachedSchema(store, ['db'], source('one'), false);
    for (const damaged of ['{', '{"format":0,"fingerprint":"one","schema":{"tables":[]}}', '{"format":1}']) {
      for (const key of store.texts.keys()) {
        store.texts.set(key, damaged);
      }
      expect((await cachedSchema(store, ['db'], source('one'), false)).cached).toBe(false);
    }
  });
});
