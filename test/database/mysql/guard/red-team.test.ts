import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { messageForModel } from '../../../../src/ask/prompt/privacy.ts';
import type { Database } from '../../../../src/database/database.ts';
import { mysql } from '../../../../src/database/mysql/connect.ts';
import { mysqlMessages } from '../../../../src/database/mysql/messages.ts';
import { SqlqError } from '../../../../src/errors.ts';
import { redTeamCases, redTeamSchemaText } from '../../../support/hostile.ts';
import { mysqlServers } from '../../../support/mysql-engine.ts';
import { createWorld, type Snapshot, type World } from '../../../support/mysql-world.ts';
import { parametersOf, runCase } from '../../../support/red-team.ts';

const never = new AbortController().signal;
const hide = ['people.ssn', 'people.pin'];
/** What every value of a hidden column holds. */
const canary = /secret|7782\d\d/;
/** MariaDB has none. */
const dualityView =
  "CREATE JSON DUALITY VIEW dual_view AS SELECT JSON_DUALITY_OBJECT('_id': id, 'text': text) AS d FROM notes;\nDELIMITER //";

for (const { product, url } of mysqlServers()) {
  describe.skipIf(url === null)(`${product}: statements against the guard`, () => {
    let world: World;
    let before: Snapshot;
    const databases = new Map<string, Database>();

    beforeAll(async () => {
      const script = redTeamSchemaText('mysql');
      world = await createWorld(
        url ?? '',
        product === 'MySQL' ? script.replace('DELIMITER //', dualityView) : script,
      );
      for (const access of ['read', 'write', 'ddl'] as const) {
        for (const hidden of [[], hide]) {
          databases.set(
            `${access} ${hidden.length > 0}`,
            await mysql.open(
              world.roles.superuser,
              { access, timeoutMilliseconds: 30_000, hide: hidden },
              never,
            ),
          );
        }
      }
      before = await world.snapshot();
    });
    afterAll(async () => {
      await Promise.all([...databases.values()].map((database) => database.close()));
      await world?.destroy();
    });

    it.each(redTeamCases('mysql').filter(({ only = product }) => only === product))(
      '$id $expect: $sql',
      async (statementCase) => {
        const { expect: wanted, access = 'read', hide: isHiding = false } = statementCase;
        const named = { ...statementCase, sql: statementCase.sql.replace(/\bapp\b/g, world.database) };
        const database = databases.get(`${access} ${isHiding}`);
        if (database === undefined) {
          throw new Error('no such database');
        }
        const session = database.session;
        if (wanted === 'block') {
          const { verdict } = await database.admit(named.sql, parametersOf(named), never);
          expect(verdict.kind === 'forbidden' || verdict.kind === 'syntax' || access === 'read').toBe(true);
          await expect(runCase(database, named)).rejects.toMatchObject({ code: 'refused' });
        } else if (wanted === 'allow') {
          const seen = await runCase(database, named);
          if (isHiding) {
            expect(seen).not.toMatch(canary);
          }
        } else {
          const error = await runCase(database, named).then(
            () => null,
            (thrown: unknown) => thrown,
          );
          expect(error).toBeInstanceOf(SqlqError);
          expect(error).not.toMatchObject({ code: 'refused' });
          const { message, engineCode } = error as SqlqError;
          expect(messageForModel(message, engineCode, named.sql, mysqlMessages)).not.toMatch(canary);
        }
        expect(database.session).toBe(session);
      },
    );

    it('leave the world as it was', async () => {
      // A write that is taken back leaves its numbers used.
      const withoutCounters = ({ tables, ...rest }: Snapshot) => rest;
      expect(withoutCounters(await world.snapshot())).toEqual(withoutCounters(before));
    });
  });
}
