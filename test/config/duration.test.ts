import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatDuration, formatSize, parseDuration, parseSize } from '../../src/config/settings/duration.ts';

describe('parseDuration', () => {
  test.each([
    ['30s', 30_000],
    ['2m', 120_000],
    ['1h', 3_600_000],
    ['500ms', 500],
    ['1.5 s', 1500],
    [' 10S ', 10_000],
    ['30', 30_000],
    [45, 45_000],
  ])('reads %j as %d ms', (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds);
  });

  test.each(['', 's', '0', '0s', '-1s', '1d', '1e3s', '1,5s', 'soon', '5constructor', '600h', Number.NaN])(
    'refuses %j',
    (text) => {
      expect(parseDuration(text)).toBeNull();
    },
  );

  test('reads back what it writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 31 - 1 }), (value) => {
        expect(parseDuration(formatDuration(value))).toBe(value);
      }),
    );
  });
});

describe('parseSize', () => {
  test.each([
    ['512MB', 512 * 1024 ** 2],
    ['1.5 GB', 1.5 * 1024 ** 3],
    ['64KiB', 64 * 1024],
    ['100b', 100],
    [4096, 4096],
  ])('reads %j as %d bytes', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes);
  });

  test.each(['', 'MB', '0', '-1MB', '1TBs', 'a lot'])('refuses %j', (text) => {
    expect(parseSize(text)).toBeNull();
  });

  test('reads back what it writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 40 }), (value) => {
        expect(parseSize(formatSize(value))).toBe(value);
      }),
    );
  });
});
