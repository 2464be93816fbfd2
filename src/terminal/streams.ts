import type { Readable, Writable } from 'node:stream';

/** A stream that may be a terminal, as `process.stdout` is. */
export type Output = Writable & {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
};
export type Input = Readable & {
  readonly isTTY?: boolean;
  /** A terminal's: whether keys come one by one, unechoed. */
  readonly setRawMode?: (raw: boolean) => unknown;
};

export interface Streams {
  readonly stdin: Input;
  readonly stdout: Output;
  readonly stderr: Output;
}
