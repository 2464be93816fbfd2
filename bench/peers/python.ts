import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { pythonWith } from './venv.ts';

/** The peers that `peers.py` knows. */
export const peers = ['bare DDL', 'LangChain chain', 'LangChain agent', 'Vanna'] as const;

const answerSchema = z.object({
  id: z.string(),
  peer: z.enum(peers),
  sql: z.string().nullable(),
  error: z.string().nullable(),
  milliseconds: z.number(),
  requests: z.number(),
  tokensIn: z.number(),
  tokensOut: z.number(),
});

/** What one peer came to, and what that took of the model. */
export type PeerAnswer = z.infer<typeof answerSchema>;

/** A question for some of the peers; `file` is its SQLite database. */
export interface PeerQuestion {
  readonly id: string;
  readonly file: string;
  readonly question: string;
  readonly peers: readonly (typeof peers)[number][];
}

/** Peers in a process of their own. */
export interface Peers {
  /** The answer of each that is asked, as it comes. */
  ask(question: PeerQuestion): AsyncIterable<PeerAnswer>;
  close(): void;
}

/** Starts the peers against one server; `venv` is where their packages are, made there on first use. */
export function startPeers(baseUrl: string, model: string, venv: string | undefined): Peers {
  const requirements = new URL('requirements.txt', import.meta.url).pathname;
  const script = new URL('peers.py', import.meta.url).pathname;
  const child = spawn(pythonWith(requirements, 'sqlq-bench-peers', venv), [script, baseUrl, model], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    async *ask(question) {
      child.stdin.write(`${JSON.stringify(question)}\n`);
      for (const _peer of question.peers) {
        const { value, done } = await lines.next();
        if (done === true) {
          throw new Error('The peers ended before their answers; what they say stands above.');
        }
        yield answerSchema.parse(JSON.parse(value));
      }
    },
    close: () => child.stdin.end(),
  };
}
