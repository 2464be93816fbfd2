import type { en } from './en.ts';

export type WordKey = keyof typeof en;

/** Keys that have a form for one and a form for more. */
export type CountKey = {
  [Key in WordKey]: Key extends `${infer Stem}.one` ? Stem : never;
}[WordKey];

/** All that the page says in one language. */
export type Words = Readonly<Record<WordKey, string>>;
