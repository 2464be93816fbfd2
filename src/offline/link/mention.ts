/** Words of a question (tokens `start` up to, not including, `end`) that may name a column or a table. */
export interface NameMention {
  readonly kind: 'column' | 'table';
  readonly id: number;
  readonly start: number;
  readonly end: number;
  /** Weighted share of the name's words found, times how well they match. */
  readonly score: number;
  /** The worst match of a word. */
  readonly weakest: number;
}
