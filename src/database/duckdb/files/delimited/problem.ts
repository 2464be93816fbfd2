/** What keeps a delimited text from being read. */
export interface Problem {
  readonly kind: 'encoding' | 'line ends' | 'long line' | 'short' | 'long' | 'quote' | 'other';
  /** Counted from 1; null where the engine names none. */
  readonly line: number | null;
  /** How many values stand there. */
  readonly found: number | null;
  /** The engine's own sentence. */
  readonly said: string;
}

/** Reads DuckDB's error of a CSV file (`csv_error.cpp`); null where it is another one. */
export function problemOf(error: unknown): Problem | null {
  if (!(error instanceof Error) || !/CSV|null_padding/u.test(error.message)) {
    return null;
  }
  const { message } = error;
  const line = Number(/CSV Error on Line: (\d+)/u.exec(message)?.[1] ?? 0) || null;
  const counts = /Expected Number of Columns: (\d+) Found: (\d+)/u.exec(message);
  const found = counts === null ? null : Number(counts[2]);
  const said = (
    message.split('\n').find((each) => /[a-z]{3}.*\./u.test(each) && !/^(?:Invalid|Original)/u.test(each)) ??
    ''
  ).trim();
  const kindOf = (): Problem['kind'] => {
    if (/not utf-8 encoded|Invalid unicode/iu.test(message)) {
      return 'encoding';
    }
    if (/state machine reached an invalid state/u.test(message)) {
      return 'line ends';
    }
    if (/Maximum line size/u.test(message)) {
      return 'long line';
    }
    if (counts !== null) {
      return Number(counts[2]) < Number(counts[1]) ? 'short' : 'long';
    }
    return /quote/u.test(message.split('Possible')[0] ?? '') ? 'quote' : 'other';
  };
  return { kind: kindOf(), line, found, said };
}
