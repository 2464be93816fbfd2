import { expect, test } from 'vitest';
import type { TextStore } from '../../src/schema/cache.ts';
import { briefTexts } from '../../src/serve/state/brief-texts.ts';

/** A store that another process may write to as well, and that tells what was read. */
function sharedStore() {
  const texts = new Map<string, string>();
  const reads: string[] = [];
  const store: TextStore = {
    async read(key) {
      reads.push(key);
      return texts.get(key) ?? null;
    },
    async write(key, text) {
      texts.set(key, text);
    },
  };
  return { store, texts, reads };
}

test('reads a text once for a while, and what another process wrote after it', async () => {
  const { store, texts, reads } = sharedStore();
  let time = 0;
  const brief = briefTexts(store, 1000, () => time);
  await store.write('a', 'one');
  expect([await brief.read('a'), await brief.read('a')]).toEqual(['one', 'one']);
  expect(reads).toEqual(['a']);
  texts.set('a', 'two');
  time = 999;
  expect(await brief.read('a')).toBe('one');
  time = 1000;
  expect(await brief.read('a')).toBe('two');
});

test('sees at once what it has written itself, and what was not there before', async () => {
  const { store } = sharedStore();
  const brief = briefTexts(store, 1000, () => 0);
  expect(await brief.read('a')).toBeNull();
  await brief.write('a', 'one');
  expect(await brief.read('a')).toBe('one');
  await brief.write('a', 'two');
  expect(await brief.read('a')).toBe('two');
  expect(await store.read('a')).toBe('two');
});

test('remembers no more than some, and nothing that is long', async () => {
  const { store, texts, reads } = sharedStore();
  const brief = briefTexts(store, 1000, () => 0);
  for (let number = 0; number < 300; number += 1) {
    texts.set(`k${number}`, 'text');
    await brief.read(`k${number}`);
  }
  reads.length = 0;
  await brief.read('k299');
  expect(reads).toEqual([]);
  await brief.read('k0');
  texts.set('long', 'x'.repeat(1_000_000));
  await brief.read('long');
  await brief.read('long');
  expect(reads).toEqual(['k0', 'long', 'long']);
});
