import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeLine, escapeText } from '../../src/render/escape.ts';

describe('escapeLine', () => {
  it('leaves nothing that a terminal would obey or hide, and is plain for plain text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const escaped = escapeLine(text);
        // Joiners may stay inside an emoji alone.
        const rest = escaped.replace(/\p{RGI_Emoji}/gv, '');
        expect(rest).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      }),
    );
    expect(escapeLine('Grüße, 東京 👩‍👩‍👧')).toBe('Grüße, 東京 👩‍👩‍👧');
  });

  it('shows a joiner outside an emoji', () => {
    expect(escapeLine('a\u200db')).toBe('a\\u{200d}b');
  });
});

describe('escapeText', () => {
  it('keeps line breaks and tabs of a text and nothing else', () => {
    expect(escapeText('SELECT 1\r\n\tFROM t \u001b[0m\rx')).toBe('SELECT 1\n\tFROM t \\e[0m\\rx');
  });
});
