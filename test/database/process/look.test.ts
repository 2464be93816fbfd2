import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Row } from '../../../src/database/database.ts';
import { type DatabaseClient, openDatabase } from '../../../src/database/process/client.ts';
import { type ScriptedDatabase, scriptedEngines } from '../../support/scripted-databases.ts';

const never = new AbortController().signal;
/** On DuckDB each probe sees what is there when it runs; its file is of one process besides. */
const sharing = new Set(['sqlite', 'postgres', 'mysql']);
/** Without it a reader of SQLite keeps writers out for as long as it reads. */
const log = 'PRAGMA journal_mode=WAL';

for (const { name, isAvailable, create } of scriptedEngines('look')) {
  describe.skipIf(!isAvailable)(`looks on ${name}`, () => {
    let opened: ScriptedDatabase;
    let client: DatabaseClient;
    const open = (access: 'read' | 'write'): DatabaseClient =>
      openDatabase(opened.target, {
        access,
        timeoutMilliseconds: 20_000,
        hide: access === 'read' ? ['item.secret'] : [],
        memoryLimit: 2 ** 30,
        environment: process.env,
      });

    beforeAll(async () => {
      opened = await create([
        ...(name === 'sqlite' ? [log] : []),
        'CREATE TABLE item (id INTEGER PRIMARY KEY, name VARCHAR(20), secret VARCHAR(20))',
        "INSERT INTO item VALUES (1, 'one', 'a'), (2, 'two', 'b'), (3, 'three', 'c')",
      ]);
      client = open('read');
    });
    afterAll(async () => {
      await client?.close();
      await opened?.drop();
    });

    /** The rows of each, however many rounds that takes. */
    async function look(...sqls: readonly string[]): Promise<readonly (readonly Row[] | null)[]> {
      const found: (readonly Row[] | null)[] = [];
      while (found.length < sqls.length) {
        const probes = sqls.slice(found.length).map((sql) => ({ sql, limit: 2 }));
        const before = found.length;
        const begun = await client.look(
          { probes, milliseconds: 20_000 },
          { signal: never, onFound: (rows) => found.push(rows) },
        );
        expect(found.length - before).toBe(begun);
      }
      return found.map((rows) => rows?.map((row) => row.map(String)) ?? null);
    }

    it('give the rows of each, as many as are wanted, whatever fails in between', async () => {
      expect(
        await look(
          'SELECT id FROM item ORDER BY id',
          'SELECT nothing FROM item',
          'SELECT COUNT(*) FROM item',
          'this is no SQL',
          "SELECT id FROM item WHERE name = 'three'",
        ),
      ).toEqual([[['1'], ['2']], null, [['3']], null, [['3']]]);
    });

    it('are judged each: nothing is changed, and hidden columns stay hidden', async () => {
      expect(
        await look(
          'DELETE FROM item',
          'SELECT secret FROM item',
          'COMMIT',
          'ROLLBACK',
          'SET search_path = nowhere',
          'SELECT COUNT(*) FROM item',
        ),
      ).toEqual([null, null, null, null, null, [['3']]]);
      expect(await client.fingerprint(never)).not.toBe('');
      expect(await look('SELECT COUNT(*) FROM item')).toEqual([[['3']]]);
    });

    if (sharing.has(name)) {
      it('see one state of the data until something else is asked', async () => {
        const writer = open('write');
        await writer.fingerprint(never);
        expect(await look('SELECT COUNT(*) FROM item')).toEqual([[['3']]]);
        await writer.beginWrite({ sql: "INSERT INTO item VALUES (4, 'four', 'd')" }, never);
        await writer.commit(never);
        const seen = await look('SELECT COUNT(*) FROM item');
        await client.fingerprint(never);
        expect(await look('SELECT COUNT(*) FROM item')).toEqual([[['4']]]);
        await writer.close();
        // Where the change took long the snapshot was let go meanwhile.
        expect([[[['3']]], [[['4']]]]).toContainEqual(seen);
      });
    }

    it('go on where nobody wants the rest of a long answer', async () => {
      const digits = Array.from({ length: 10 }, (_, digit) => `SELECT ${digit} AS d`).join(' UNION ALL ');
      const many = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((alias) => `(${digits}) AS ${alias}`).join(', ');
      expect(await look(`SELECT 1 FROM ${many}`, 'SELECT id FROM item WHERE id = 2', 'SELECT 5')).toEqual([
        [['1'], ['1']],
        [['2']],
        [['5']],
      ]);
    });

    it('hold nothing when nobody comes back', async () => {
      expect(await look('SELECT COUNT(*) FROM item')).toHaveLength(1);
      if (name === 'duckdb') {
        return;
      }
      const writer = open('write');
      await writer.beginWrite({ sql: "UPDATE item SET name = 'eins' WHERE id = 1" }, never);
      await writer.commit(never);
      await writer.close();
      expect(await look('SELECT name FROM item WHERE id = 1')).toEqual([[['eins']]]);
    });
  });
}
