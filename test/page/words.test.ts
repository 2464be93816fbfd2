import { describe, expect, it } from 'vitest';
import { type Language, languages, preferredLanguage, speak, tables } from '../../src/page/words/language.ts';

const codes = Object.keys(languages) as Language[];

/** The words in braces, in the order of the alphabet. */
const places = (text: string): readonly string[] => (text.match(/\{\w+\}/gu) ?? []).toSorted();

describe('the words of the page', () => {
  it.each(codes)('are all there in %s, with the same places to put things in', (code) => {
    expect(Object.keys(tables[code])).toEqual(Object.keys(tables.en));
    for (const [key, text] of Object.entries(tables[code])) {
      expect(text.trim(), key).not.toBe('');
      const english = tables.en[key as keyof typeof tables.en];
      expect(places(text), key).toEqual(places(english));
    }
  });

  it('differ between the languages', () => {
    for (const code of codes.filter((one) => one !== 'en')) {
      const entries = Object.entries(tables[code]);
      const same = entries.filter(([key, text]) => text === tables.en[key as keyof typeof tables.en]);
      expect(same.length, same.map(([key]) => key).join(', ')).toBeLessThan(entries.length / 10);
    }
  });

  it('are those of the first language of the browser that there is', () => {
    expect(preferredLanguage(['fr-FR', 'de-AT', 'en'])).toBe('de');
    expect(preferredLanguage(['es-419'])).toBe('es');
    expect(preferredLanguage(['ja'])).toBe('en');
    expect(preferredLanguage([])).toBe('en');
  });

  it('have numbers as the language writes them, with every digit', () => {
    expect(speak('en').number('12345678901234567890.12')).toBe('12,345,678,901,234,567,890.12');
    expect(speak('de').number('12345678901234567890.12')).toBe('12.345.678.901.234.567.890,12');
    expect(speak('en').number('1234.50')).toBe('1,234.50');
    expect(speak('es').number(1234567.5)).toBe('1.234.567,5');
    expect(speak('de').count('rows.count', 1)).toBe('1 Zeile');
    expect(speak('de').count('rows.count', 1200)).toBe('1.200 Zeilen');
    expect(speak('es').count('rows.count', 1_000_000)).toBe('1.000.000 filas');
    expect(speak('en').duration(1_440)).toBe('1.4 sec');
    expect(speak('de').duration(12)).toBe('12 ms');
  });

  it('leave a place as it stands where nothing is put in', () => {
    expect(speak('en').say('signIn.with', {})).toBe('Sign in with {name}');
    expect(speak('en').say('signIn.with', { name: '{name} $& <b>' })).toBe('Sign in with {name} $& <b>');
  });
});
