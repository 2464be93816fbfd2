import { de } from './de.ts';
import { en } from './en.ts';
import { es } from './es.ts';
import type { CountKey, WordKey, Words } from './words.ts';

/** The page's languages, in their own words. */
export const languages = { en: 'English', es: 'Español', de: 'Deutsch' } as const;

export type Language = keyof typeof languages;

export const tables: Readonly<Record<Language, Words>> = { en, es, de };

/** Whether a code is one of the page's languages. */
export const isLanguage = (code: string): code is Language => Object.hasOwn(languages, code);

/** The first of the browser's languages that the page speaks; English where it speaks none. */
export function preferredLanguage(wanted: readonly string[]): Language {
  return wanted.map((tag) => tag.slice(0, 2).toLowerCase()).find(isLanguage) ?? 'en';
}

/** Says things in one language. */
export interface Speech {
  readonly language: Language;
  say(key: WordKey, values?: Readonly<Record<string, string>>): string;
  /** With the form that the count asks for, and the count as `{count}`. */
  count(key: CountKey, count: number, values?: Readonly<Record<string, string>>): string;
  /** A number as the language writes it. A numeral keeps every digit. */
  number(value: number | string, options?: Intl.NumberFormatOptions): string;
  /** How long something took. */
  duration(milliseconds: number): string;
  time(iso: string): string;
}

export function speak(language: Language): Speech {
  const words = tables[language];
  const plural = new Intl.PluralRules(language);
  const clock = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' });
  const say: Speech['say'] = (key, values = {}) =>
    words[key].replace(/\{(\w+)\}/gu, (whole, name: string) => values[name] ?? whole);
  const number: Speech['number'] = (value, options = {}) => {
    // Its types know numerals as template literals alone; it takes every numeral there is.
    const numeral = value as number;
    const digits = typeof value === 'string' ? (/\.(\d+)$/u.exec(value)?.[1]?.length ?? 0) : 0;
    const all = {
      minimumFractionDigits: Math.min(digits, 100),
      maximumFractionDigits: Math.max(20, Math.min(digits, 100)),
    };
    return new Intl.NumberFormat(language, { ...all, ...options }).format(numeral);
  };
  return {
    language,
    say,
    number,
    count: (key, count, values = {}) =>
      say(`${key}.${plural.select(count) === 'one' ? 'one' : 'other'}`, { ...values, count: number(count) }),
    duration: (milliseconds) =>
      milliseconds < 1_000
        ? number(milliseconds, { style: 'unit', unit: 'millisecond', maximumFractionDigits: 0 })
        : number(milliseconds / 1_000, {
            style: 'unit',
            unit: 'second',
            maximumFractionDigits: milliseconds < 10_000 ? 1 : 0,
          }),
    time(iso) {
      const date = new Date(iso);
      return Number.isNaN(date.getTime()) ? iso : clock.format(date);
    },
  };
}
