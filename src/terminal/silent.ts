import { Writable } from 'node:stream';
import type { Streams } from './streams.ts';
import { createTerminal, type Terminal } from './terminal.ts';

/** A terminal that nobody sees and that asks nothing: for questions of which many run at once. */
export function createSilentTerminal(
  streams: Streams,
  environment: Readonly<Record<string, string | undefined>>,
): Terminal {
  const nowhere = (): Writable => new Writable({ write: (_chunk, _encoding, done) => done() });
  return createTerminal(
    { stdin: streams.stdin, stdout: nowhere(), stderr: nowhere() },
    { color: false, environment, quiet: true, verbose: false },
  );
}
