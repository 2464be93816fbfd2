import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mysqlServers, mysqlTarget, runAsOwner, uniqueName } from '../support/mysql-engine.ts';
import { type SharedServer, startShared } from '../support/shared-server.ts';

/** What rows hold and no schema says. */
const secret = 'Zanzibari Quartz';

for (const { product, url } of mysqlServers()) {
  describe.skipIf(url === null)(`${product}: who may ask and not run`, () => {
    const owner = mysqlTarget(url ?? 'mysql://u:p@localhost:1');
    const name = uniqueName('unseen');
    let server: SharedServer;
    let answer = '';
    beforeAll(async () => {
      await runAsOwner(owner, [
        `CREATE DATABASE ${name}`,
        `CREATE TABLE ${name}.person (id INT PRIMARY KEY, name VARCHAR(20), age INT)`,
        `INSERT INTO ${name}.person VALUES (1, '${secret}', 33)`,
      ]);
      const folder = mkdtempSync(join(tmpdir(), 'sqlq-unseen-'));
      const config = join(folder, 'sqlq.yaml');
      const place = new URL(url ?? '');
      place.pathname = name;
      writeFileSync(config, `database: ${place.href}\nprofile: offline\n`, { mode: 0o600 });
      server = await startShared({ eve: ['--roles', 'ask'], bob: [] }, ['--config', config], folder);
      const asked = await server.user('eve').json('/v1/ask', { question: 'how many people are there?' });
      answer = asked.body.id;
      expect(asked).toMatchObject({ status: 200, body: { kind: 'answer' } });
    }, 120_000);
    afterAll(async () => {
      await server?.stop();
      await runAsOwner(owner, [`DROP DATABASE IF EXISTS ${name}`]);
    });

    it('sees no value in what the server says of SQL, nor by whether it can be planned', async () => {
      const eve = server.user('eve');
      const correct = (sql: string) =>
        eve.json(`/v1/answers/${answer}/feedback`, {
          verdict: 'bad',
          sql: `SELECT age FROM person WHERE id = 1 AND ${sql}`,
        });
      // To explain each of them, the server reads the row and computes with it.
      for (const told of ['uuid_to_bin(name) = 1', 'st_latfromgeohash(name) > 1']) {
        expect(JSON.stringify((await correct(told)).body), told).not.toContain(secret);
      }
      const guesses = await Promise.all(
        [33, 34].map((age) => correct(`CASE age WHEN ${age} THEN exp(age * 1000) ELSE 1 END > 0`)),
      );
      expect(guesses.map(({ status }) => status)).toEqual([200, 200]);
      const ran = await server
        .user('bob')
        .json('/v1/sql', { sql: 'SELECT exp(age * 1000) FROM person WHERE id = 1 AND exp(age * 1000) > 0' });
      expect(ran.status, JSON.stringify(ran.body)).not.toBe(200);
      // What is wrong with the SQL itself is still told.
      expect((await correct('agee = 1')).body.error.message).toContain('agee');
    });
  });
}
