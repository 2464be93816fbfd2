import { expect, it } from 'vitest';
import { createRecent } from '../../src/schema/recent.ts';

it('keeps what was made of the texts that were wanted last, so many characters of them', () => {
  const recent = createRecent<number>(10);
  recent.set('four', 1);
  recent.set('five', 2);
  expect(recent.get('four')).toBe(1);
  recent.set('six', 3);
  // Nobody wanted this one again.
  expect(recent.get('five')).toBeUndefined();
  expect(recent.get('four')).toBe(1);
  expect(recent.get('six')).toBe(3);
  recent.set('six', 4);
  expect(recent.get('six')).toBe(4);
  expect(recent.get('four')).toBe(1);
});

it('keeps nothing of a text that is too long', () => {
  const recent = createRecent<number>(10);
  recent.set('four', 1);
  recent.set('eleven long', 2);
  expect(recent.get('eleven long')).toBeUndefined();
  expect(recent.get('four')).toBe(1);
});
