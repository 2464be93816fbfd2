import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, describe, expect, test } from 'vitest';
import { type LlamaServer, llamaMissing, startLlama } from '../../support/llama-server.ts';
import { emptyEnvironment, runProgram } from '../../support/program.ts';

const missing = llamaMissing();
const patient = { timeout: 600_000 };

describe.skipIf(missing !== null)(
  `three real llama.cpp servers${missing === null ? '' : ` (${missing})`}`,
  patient,
  () => {
    const running: LlamaServer[] = [];
    afterEach(async () => {
      await Promise.all(running.splice(0).map((server) => server.kill()));
    });

    test('of which one dies and one is held lose no question of a batch, and keep their order', async () => {
      const servers = await Promise.all([startLlama(4_096), startLlama(4_096), startLlama(4_096)]);
      running.push(...servers);
      const [, dies, held] = servers;
      const folder = mkdtempSync(join(tmpdir(), 'sqlq-llama-'));
      const database = new Sqlite(join(folder, 'numbers.db'));
      database.exec('CREATE TABLE numbers (n INTEGER); INSERT INTO numbers VALUES (1)');
      database.close();
      mkdirSync(join(folder, 'config/sqlq'), { recursive: true });
      const mine = {
        model: 'ai/smollm2',
        endpoints: servers.map(({ baseUrl }) => ({ url: baseUrl })),
        probeAfter: '1s',
        timeout: '4m',
        maxTokens: 60,
      };
      writeFileSync(join(folder, 'config/sqlq/.sqlqrc'), JSON.stringify({ repairs: 0, profiles: { mine } }));
      const questions = Array.from({ length: 12 }, (_, index) => `numbers over ${index}?`);
      writeFileSync(join(folder, 'questions.txt'), questions.map((question) => `${question}\n`).join(''));
      const argv = '--db numbers.db --profile mine --batch questions.txt --jobs 3 --no-doubts'.split(' ');
      const ending = runProgram(['ask', ...argv], { folder, environment: emptyEnvironment(folder) });
      const wentAway = Promise.all([
        new Promise((done) => setTimeout(done, 4_000)).then(() => dies?.kill()),
        new Promise((done) => setTimeout(done, 5_000)).then(() => held?.hold()),
      ]);
      const { stdout, stderr } = await ending;
      await wentAway;
      expect(stdout, stderr).not.toBe('');
      const lines = stdout
        .trimEnd()
        .split('\n')
        .map((line): { question: string; error: unknown } => JSON.parse(line));
      expect(lines.map(({ question }) => question)).toEqual(questions);
      // So small a model may write anything; what no question may get is a server's failure.
      for (const { error } of lines) {
        expect(JSON.stringify(error)).not.toMatch(/endpoint|connection|answers within|127\.0\.0\.1/u);
      }
    });
  },
);
