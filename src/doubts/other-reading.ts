/** A value that a statement compares a stored column with. */
export interface ComparedValue {
  readonly schema: string;
  readonly table: string;
  readonly column: string;
  readonly text: string;
}

/** What a question asks for when it is read by rules, without whoever wrote the statement. */
export interface OtherReading {
  readonly sql: string;
  /** What its SQL does, a clause each; null where there are no words for it. */
  readonly inWords: readonly string[] | null;
}

/**
 * Reads the question once more; of the stored values it knows those that the statement compares with. Null where it is not
 * sure enough of a reading.
 */
export type ReadAgain = (values: readonly ComparedValue[]) => Promise<OtherReading | null>;
