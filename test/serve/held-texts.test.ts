import { expect, it } from 'vitest';
import { heldTexts } from '../../src/serve/state/held-texts.ts';

it('holds the newest texts, and what was written again is new again', async () => {
  const store = heldTexts(2);
  await store.write('a', '1');
  await store.write('b', '2');
  await store.write('a', '3');
  await store.write('c', '4');
  expect(await Promise.all(['a', 'b', 'c'].map((key) => store.read(key)))).toEqual(['3', null, '4']);
});
