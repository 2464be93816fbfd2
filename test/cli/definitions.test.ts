import { createConnection } from 'mysql2/promise';
import pg from 'pg';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { keys, startInTerminal } from '../support/pseudo-terminal.ts';

/** A table of a server, made anew for each test. */
interface Place {
  /** The database's URL, as `--db` takes it. */
  readonly url: string;
  /** What the table holds; null where it is gone. */
  rows(): Promise<number | null>;
  close(): Promise<void>;
}

const table = 'sqlq_kept';

describe('--write=ddl in a terminal', () => {
  let place: Place | null = null;
  afterEach(async () => {
    await place?.close();
    place = null;
  });
  const start = ({ url }: Place, ...argv: readonly string[]) =>
    startInTerminal(['run', '--db', url, '--write=ddl', ...argv, `DROP TABLE ${table}`]);

  describe.skipIf(inject('mariadbUrl') === null)('on MariaDB, which commits a DROP by itself', () => {
    const there = async (): Promise<Place> => (place = await onMariadb());

    it('asks before it runs; no leaves the table there', async () => {
      const made = await there();
      const terminal = start(made);
      await terminal.waitFor('Run it?');
      expect(terminal.screen()).toMatch(
        /It removes sqlq_kept \(about \d+ rows?\)\.[\s\S]*can\s+not\s+be\s+taken\s+back/u,
      );
      expect(terminal.screen()).toContain('DROP TABLE sqlq_kept');
      expect(await made.rows()).toBe(3);
      terminal.type(`n${keys.enter}`);
      expect(await terminal.exited).toBe(130);
      expect(await made.rows()).toBe(3);
    });

    it.each([
      ['Enter alone', keys.enter],
      ['Ctrl-C', keys.controlC],
      ['Ctrl-D', keys.controlD],
    ])('takes %s for a no', async (_name, key) => {
      const made = await there();
      const terminal = start(made);
      await terminal.waitFor('Run it?');
      terminal.type(key);
      expect(await terminal.exited).toBe(130);
      expect(await made.rows()).toBe(3);
    });

    it('runs it at a yes, and asks nothing more', async () => {
      const made = await there();
      const terminal = start(made);
      await terminal.waitFor('Run it?');
      terminal.type(`y${keys.enter}`);
      expect(await terminal.exited).toBe(0);
      expect(terminal.screen()).not.toContain('Keep this change?');
      expect(await made.rows()).toBeNull();
    });
  });

  describe('on PostgreSQL, which takes a DROP back', () => {
    const there = async (): Promise<Place> => (place = await onPostgres());

    it('asks before it commits; no leaves the table there', async () => {
      const made = await there();
      const terminal = start(made);
      await terminal.waitFor('Keep this change?');
      expect(terminal.screen()).not.toContain('Run it?');
      terminal.type(`n${keys.enter}`);
      expect(await terminal.exited).toBe(130);
      expect(terminal.screen()).toContain('Rolled back: nothing has changed.');
      expect(await made.rows()).toBe(3);
    });

    it('rolls back at Ctrl-C, and commits at a yes', async () => {
      const made = await there();
      const interrupted = start(made);
      await interrupted.waitFor('Keep this change?');
      interrupted.type(keys.controlC);
      expect(await interrupted.exited).toBe(130);
      expect(await made.rows()).toBe(3);
      const agreed = start(made);
      await agreed.waitFor('Keep this change?');
      agreed.type(`y${keys.enter}`);
      expect(await agreed.exited).toBe(0);
      expect(await made.rows()).toBeNull();
    });
  });
});

async function onMariadb(): Promise<Place> {
  const url = `${inject('mariadbUrl')}/sqlq_definitions`;
  const connection = await createConnection({ uri: `${inject('mariadbUrl')}/mysql`, rowsAsArray: true });
  await connection.query('DROP DATABASE IF EXISTS sqlq_definitions');
  await connection.query('CREATE DATABASE sqlq_definitions');
  await connection.query('USE sqlq_definitions');
  await connection.query(`CREATE TABLE ${table} (id int) AS SELECT 1 AS id UNION SELECT 2 UNION SELECT 3`);
  return {
    url,
    async rows() {
      const [found] = await connection.query(`SHOW TABLES LIKE '${table}'`);
      if (!Array.isArray(found) || found.length === 0) {
        return null;
      }
      const [counted] = await connection.query(`SELECT count(*) FROM ${table}`);
      return Number(JSON.stringify(counted).replace(/\D/gu, ''));
    },
    async close() {
      await connection.query('DROP DATABASE IF EXISTS sqlq_definitions');
      await connection.end();
    },
  };
}

async function onPostgres(): Promise<Place> {
  const url = `${inject('postgresUrl')}/postgres`;
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`DROP TABLE IF EXISTS ${table}`);
  await client.query(`CREATE TABLE ${table} AS SELECT generate_series(1, 3) AS id`);
  return {
    url,
    async rows() {
      const { rows } = await client.query<{ there: string | null }>(
        `SELECT to_regclass('${table}') AS there`,
      );
      if (rows[0]?.there == null) {
        return null;
      }
      const { rowCount } = await client.query(`SELECT 1 FROM ${table}`);
      return rowCount;
    },
    async close() {
      await client.query(`DROP TABLE IF EXISTS ${table}`);
      await client.end();
    },
  };
}
