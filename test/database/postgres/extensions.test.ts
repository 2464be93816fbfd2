import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { isRead } from '../../../src/database/postgres/guard/functions/extensions.ts';
import { connectTo, postgresTarget, runPostgres, uniquePostgresName } from '../../support/postgres-engine.ts';

interface NativeFunction {
  readonly extension: string;
  readonly name: string;
  readonly arguments: string;
  readonly volatility: 'i' | 's' | 'v';
}

/** All that has code in C in the extensions that come with PostgreSQL, as this server has them. */
describe('the list of C functions that are admitted', () => {
  const server = postgresTarget(inject('postgresUrl') ?? '');
  const database = uniquePostgresName('extensions');
  let functions: readonly NativeFunction[];

  beforeAll(async () => {
    await runPostgres(server, [`CREATE DATABASE ${database}`]);
    const client = await connectTo({ ...server, database });
    const { rows: available } = await client.query<{ name: string }>(
      "SELECT name FROM pg_available_extensions WHERE name !~ 'pl(perl|python|tcl)' AND name <> 'plpgsql' ORDER BY 1",
    );
    for (const { name } of available) {
      await client.query(`CREATE EXTENSION "${name}" CASCADE`).catch(() => {});
    }
    const { rows } = await client.query<NativeFunction>(
      `SELECT e.extname AS extension, p.proname AS name, p.provolatile AS volatility,
              pg_get_function_identity_arguments(p.oid) AS arguments
         FROM pg_proc p JOIN pg_depend d ON d.objid = p.oid AND d.classid = 'pg_proc'::regclass AND d.deptype = 'e'
         JOIN pg_extension e ON e.oid = d.refobjid JOIN pg_language l ON l.oid = p.prolang
        WHERE l.lanname = 'c'`,
    );
    functions = rows;
    await client.end();
  }, 60_000);
  afterAll(() => runPostgres(server, [`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`]));

  const admitted = () => functions.filter(({ extension, name }) => isRead(extension, name));

  it('has nothing of extensions that look into files, pages, logs, sessions or other servers', () => {
    const extensions = new Set(admitted().map(({ extension }) => extension));
    expect(extensions.size).toBeGreaterThan(15);
    for (const name of [
      'amcheck dblink file_fdw pageinspect pg_buffercache pg_freespacemap pg_prewarm pg_stat_statements pg_surgery',
      'pg_visibility pg_walinspect pgrowlocks pgstattuple postgres_fdw sslinfo lo',
    ].flatMap((names) => names.split(' '))) {
      expect(functions.some(({ extension }) => extension === name)).toBe(true);
      expect(extensions.has(name), name).toBe(false);
    }
  });

  it('has no function that is given a table, and none that is given SQL', () => {
    const given = admitted().filter(({ arguments: taken }) => /regclass|relation|relname|sql/i.test(taken));
    expect(given).toEqual([]);
    const running = [
      'crosstab',
      'crosstab2',
      'connectby',
      'xpath_table',
      'xslt_process',
      'set_limit',
      'isn_weak',
    ];
    for (const name of running) {
      const found = functions.filter((one) => one.name === name);
      expect(found.length, name).toBeGreaterThan(0);
      expect(found.filter((one) => isRead(one.extension, one.name))).toEqual([]);
    }
  });

  it('has of what is VOLATILE only what makes something by chance', () => {
    const names = admitted().filter(({ volatility }) => volatility === 'v');
    expect([...new Set(names.map(({ name }) => name))].sort()).toEqual([
      'fips_mode',
      'gen_random_bytes',
      'gen_random_uuid',
      'gen_salt',
      'normal_rand',
      'pgp_pub_encrypt',
      'pgp_pub_encrypt_bytea',
      'pgp_sym_encrypt',
      'pgp_sym_encrypt_bytea',
      ...['system_rows', 'system_time'].filter((name) => names.some((one) => one.name === name)),
      'unaccent_init',
      'unaccent_lexize',
      'uuid_generate_v1',
      'uuid_generate_v1mc',
      'uuid_generate_v4',
    ]);
  });
});
