import type { Environment } from '../environment.ts';

/** What an address is resolved with. */
export interface TargetContext {
  readonly environment: Environment;
  readonly workingDirectory: string;
  readonly homeFolder: string;
  /** Text of a file; rejects as `fs.readFile` does. */
  readonly readFile?: (path: string) => Promise<string>;
  /** How the connection is protected where the URL does not say it. */
  readonly tls?: string | null;
  /** The settings file that a URL comes from, where it was merely found in a folder. */
  readonly untrusted?: string | null;
  /** What the user says of the columns of data files, and of how they are written. */
  readonly types?: readonly string[];
  readonly reading?: readonly string[];
  /** Copies standard input, or a pipe, to a file that is gone with this run, and gives back its path. */
  readonly readInput?: (pipe: string | null) => Promise<string>;
  readonly warn?: (text: string) => void;
  /** Hears what only somebody who looks closely wants to know. */
  readonly detail?: (text: string) => void;
}
