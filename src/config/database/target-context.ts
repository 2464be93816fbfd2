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
  readonly warn?: (text: string) => void;
  /** Hears what only somebody who looks closely wants to know. */
  readonly detail?: (text: string) => void;
}
