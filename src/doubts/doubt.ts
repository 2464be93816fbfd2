import type { Language } from '../words/language.ts';

/** What a doubt is about; the names stand in reports, suites and batches. */
export type DoubtKind =
  /** A literal that no row of its column has. */
  | 'unknown-value'
  /** A value that is stored in other spellings as well, which the condition does not say. */
  | 'other-spellings'
  /** Texts that are grouped, shown or counted as different ones are the same in several spellings. */
  | 'split-groups'
  /** No row passes the conditions. */
  | 'no-rows'
  /** A condition that every row passes. */
  | 'passes-all'
  /** A condition that is the same for every row, whatever the data holds. */
  | 'never-true'
  /** A condition that holds for the last of some alternatives alone, for AND binds before OR. */
  | 'mixed-and-or'
  /** A condition leaves out what an outer join is there to keep. */
  | 'outer-join'
  /** A negation that leaves out the rows with NULL, or that a NULL empties. */
  | 'null-left-out'
  /** A join repeats the rows that are summed, counted or averaged. */
  | 'fan-out'
  /** A join repeats the rows that are shown. */
  | 'repeated-rows'
  /** The row after the last one shown has the same place in the order. */
  | 'tie'
  /** A LIMIT without an order, where the question wants the first, or does not say how many. */
  | 'no-order'
  /** A level, such as a balance, is summed over the moments at which it was taken. */
  | 'summed-levels'
  /** A moment is compared with a day: all but that day's first moment is left out, or taken in. */
  | 'end-of-day'
  /** A text that is no date, or not one as its column writes it, or dates as text that does not sort as time does. */
  | 'date-form'
  /** A quotient of integers drops its fraction. */
  | 'integer-quotient'
  /** A mean of quotients, which weighs small rows like large ones. */
  | 'mean-of-ratios'
  /** A period that is not over, or that the data reaches in part. */
  | 'period'
  /** Numerals that are stored as text are ordered or compared as text. */
  | 'text-as-number'
  /** A column that holds nothing. */
  | 'empty-column'
  /** A column of one value, of which the mean or an end is taken, or by which rows are grouped. */
  | 'constant-column'
  /** A part of the question that a model's SQL does nothing about: a number, a quoted value, a negation, a superlative. */
  | 'left-out'
  /** The question, read by rules without the model that answered, asks for other rows. */
  | 'other-reading'
  /** Rows that `--limit` has cut. */
  | 'cut'
  /** The server's own warning. */
  | 'server-warning';

/** A reason to doubt an answer, found in the data or in what it leaves out of the question. */
export interface Doubt {
  readonly kind: DoubtKind;
  /** One sentence in plain words, with its numbers. */
  readonly sentence: string;
  /** The numbers and values that the sentence rests on. */
  readonly evidence: Readonly<Record<string, number | string | readonly string[] | null>>;
  /** SQL without the reason to doubt, checked by the database; null where there is none. */
  readonly mendedSql: string | null;
}

/** What was looked for, and where there was no time or no way to look. */
export interface Doubts {
  /** What the sentences are in; null for English. */
  readonly language: Language | null;
  readonly doubts: readonly Doubt[];
  /** In whole sentences. */
  readonly notLooked: readonly string[];
  /** How many queries looked at the data, and how many of them the guard or the database did not let run to their end. */
  readonly queries: number;
  readonly unanswered: number;
  /** Looks for what there was no time for, for so many milliseconds more; null where nothing was left out for time. */
  readonly lookOn: ((timeoutMs: number) => Promise<Doubts>) | null;
}
