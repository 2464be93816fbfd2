import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ChosenModel, secondModel } from '../../src/cli/run/model.ts';
import { SqlqError } from '../../src/errors.ts';
import { parseAnswer } from '../../src/model/reply/parse.ts';

/** A model whose replies lie in files, and what it still waits for. */
export interface PlayedModel {
  readonly chosen: ChosenModel;
  /** Requests that no file answers yet. */
  readonly open: readonly string[];
  /** The case that is asked from here on. */
  begin(id: string): void;
}

/**
 * A model that is anybody: it writes each request to `ID.N.request.json` of a folder, the messages as they would leave,
 * and takes `ID.N.reply.txt` for the reply, N counting the requests of a case from 1. A reply that is a correction of
 * an earlier one has a request of its own, so a folder is answered in as many rounds as a question may have requests.
 * `budget` is the window's share for the schema, in characters.
 */
export function createPlayedModel(folder: string, budget: number): PlayedModel {
  mkdirSync(folder, { recursive: true });
  const open: string[] = [];
  let id = '';
  let count = 0;
  return {
    open,
    begin(next) {
      id = fileName(next);
      count = 0;
    },
    chosen: {
      schemaBudget: budget,
      selected: { kind: 'recorded' },
      provider: null,
      secondModel: secondModel(),
      server: null,
      model: {
        provider: 'played',
        name: 'played',
        async answer({ messages, onSent }) {
          count += 1;
          const name = `${id}.${count}`;
          const text = `${JSON.stringify({ messages }, null, 1)}\n`;
          const sent = { host: 'nowhere', text };
          onSent?.(sent);
          writeFileSync(join(folder, `${name}.request.json`), text);
          const file = join(folder, `${name}.reply.txt`);
          if (!existsSync(file)) {
            open.push(name);
            throw new SqlqError('failed', `${name} has no reply yet.`, { hint: `Write it to ${file}.` });
          }
          const content = readFileSync(file, 'utf8');
          const parsed = parseAnswer({ content, toolArguments: '', reasoning: '' });
          if (!parsed.ok) {
            throw new SqlqError('failed', `${name} is no answer: ${parsed.problem}`);
          }
          const { answer } = parsed;
          return { answer, structuredOutput: 'text', usage: null, sent: [sent], warnings: [] };
        },
      },
    },
  };
}

/** A case's id as a file can be called; what had to be changed is told apart by a hash. */
function fileName(id: string): string {
  const plain = id.replaceAll(/[^\w-]+/gu, '-').slice(0, 80);
  return plain === id ? id : `${plain}-${createHash('sha256').update(id).digest('hex').slice(0, 6)}`;
}
