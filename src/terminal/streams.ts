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

/** The window of a terminal that does not know its own, as `script`, `expect` and `docker exec -t` make them. */
const usualWindow = { columns: 80, rows: 24 } as const;

/** A window's size as a number that can be counted with: what is none, or not above zero, is the usual one. */
export function windowSize(side: keyof typeof usualWindow, size: unknown): number {
  return typeof size === 'number' && Number.isFinite(size) && size >= 1
    ? Math.floor(size)
    : usualWindow[side];
}

/**
 * Keeps the size that a terminal says of its window usable, also after it is resized: everything that draws, libraries
 * too, divides by it. A stream that is no terminal stays as it is.
 */
export function withUsableWindow<Stream extends Output>(stream: Stream): Stream {
  if (stream.isTTY !== true) {
    return stream;
  }
  for (const side of ['columns', 'rows'] as const) {
    let said: unknown = stream[side];
    Object.defineProperty(stream, side, {
      configurable: true,
      enumerable: true,
      get: () => windowSize(side, said),
      // Node sets it anew at each SIGWINCH.
      set: (size: unknown) => {
        said = size;
      },
    });
  }
  return stream;
}
