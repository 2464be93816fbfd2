import { describe, expect, it } from 'vitest';
import { movesCursor, usesUnicode, withoutSymbols } from '../../src/terminal/unicode.ts';

describe('whether a terminal shows more than ASCII', () => {
  it.each<[boolean, Record<string, string>]>([
    [true, {}],
    [true, { LANG: 'en_US.UTF-8' }],
    [true, { LANG: 'C.utf8' }],
    [true, { LANG: '', LC_ALL: '' }],
    [false, { LANG: 'C' }],
    [false, { LC_ALL: 'POSIX', LANG: 'en_US.UTF-8' }],
    [true, { LC_ALL: 'en_US.UTF-8', LANG: 'C' }],
    [false, { LC_CTYPE: 'de_DE.ISO-8859-1', LANG: 'de_DE.UTF-8' }],
    [false, { TERM: 'dumb', LANG: 'en_US.UTF-8' }],
    [false, { OS: 'Windows_NT' }],
    [true, { OS: 'Windows_NT', WT_SESSION: '1' }],
    [true, { OS: 'Windows_NT', TERM: 'xterm-256color' }],
    [false, { TERM: 'linux', LANG: 'en_US.UTF-8' }],
  ])('is %s with %j', (expected, environment) => {
    expect(usesUnicode(environment)).toBe(expected);
  });

  it('has ASCII for every symbol and leaves other letters alone', () => {
    expect(withoutSymbols('• reads “São Paulo” · about 3 rows → …')).toBe(
      '* reads “São Paulo” - about 3 rows > ~',
    );
  });
});

describe('whether a terminal obeys control sequences', () => {
  it.each<[boolean, Record<string, string>]>([
    [true, { TERM: 'xterm-256color' }],
    [true, { TERM: 'vt100' }],
    [false, { TERM: 'dumb' }],
    [false, { TERM: 'unknown' }],
    [false, { TERM: '' }],
    [false, {}],
    [true, { OS: 'Windows_NT' }],
  ])('is %s with %j', (expected, environment) => {
    expect(movesCursor(environment)).toBe(expected);
  });
});
