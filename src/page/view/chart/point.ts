/** A name or a time with its number, which is null where there is none. */
export interface Point {
  readonly label: string;
  readonly value: number | null;
}
