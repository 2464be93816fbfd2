import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Database } from '../../../src/database/database.ts';
import { postgres } from '../../../src/database/postgres/connect.ts';
import { dialect } from '../../../src/database/postgres/dialect.ts';
import type { ServerTarget } from '../../../src/database/target.ts';
import { describeSchema } from '../../../src/schema/describe.ts';
import type { Schema, Table } from '../../../src/schema/schema.ts';
import { postgresTarget, runPostgres, uniquePostgresName } from '../../support/postgres-engine.ts';

const never = new AbortController().signal;
const everything = { schemas: [], include: [], exclude: [] };

describe('introspection of PostgreSQL', () => {
  const database = uniquePostgresName('introspect');
  const role = uniquePostgresName('introspect_role');
  let server: ServerTarget;
  let target: ServerTarget;
  let opened: Database;
  let schema: Schema;

  const open = (changes: Partial<ServerTarget> = {}, hide: readonly string[] = []) =>
    postgres.open({ ...target, ...changes }, { access: 'read', timeoutMilliseconds: 10_000, hide }, never);
  const table = (name: string, of = schema): Table => {
    const found = of.tables.find((candidate) => candidate.name === name);
    if (found === undefined) {
      throw new Error(`${name} was left out`);
    }
    return found;
  };
  const column = (of: string, name: string) => table(of).columns.find((candidate) => candidate.name === name);

  beforeAll(async () => {
    server = postgresTarget(inject('postgresUrl') ?? '');
    target = { ...server, database };
    await runPostgres(server, [`CREATE DATABASE ${database}`, `CREATE ROLE ${role} LOGIN PASSWORD 'x'`]);
    await runPostgres(target, [
      'CREATE SCHEMA sales',
      'CREATE SCHEMA closed',
      "CREATE TYPE mood AS ENUM ('sad', 'it''s ok', 'happy')",
      "CREATE DOMAIN zip AS varchar(5) NOT NULL CHECK (VALUE ~ '^[0-9]{5}$')",
      'CREATE DOMAIN happy_mood AS mood',
      `CREATE TABLE person (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, feels mood, felt mood[], best happy_mood,
         "Post Code" zip, born date, age int GENERATED ALWAYS AS (2024 - 1900) STORED, code text DEFAULT 'x''y',
         CHECK (born > '1900-01-01'), UNIQUE (code, born))`,
      'CREATE UNIQUE INDEX ON person (lower(code))',
      'CREATE UNIQUE INDEX ON person (born) WHERE age > 1',
      'CREATE TABLE sales.invoice (country text, nr int, person_id int REFERENCES public.person, PRIMARY KEY (country, nr))',
      `CREATE TABLE sales.line (id int PRIMARY KEY, country text, nr int, parent int REFERENCES sales.line,
         FOREIGN KEY (country, nr) REFERENCES sales.invoice)`,
      'CREATE TABLE closed.secret (a int)',
      'CREATE TABLE partly (open int, shut int)',
      'CREATE TABLE measure (at date NOT NULL, value int, PRIMARY KEY (at, value)) PARTITION BY RANGE (at)',
      "CREATE TABLE measure_1 PARTITION OF measure FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')",
      "CREATE TABLE measure_2 PARTITION OF measure FOR VALUES FROM ('2025-01-01') TO ('2026-01-01') PARTITION BY LIST (value)",
      'CREATE TABLE measure_2a PARTITION OF measure_2 FOR VALUES IN (1)',
      "INSERT INTO measure SELECT '2024-02-01', x FROM generate_series(1, 100) x",
      'CREATE VIEW happy AS SELECT id, feels FROM person',
      'CREATE MATERIALIZED VIEW counted AS SELECT count(*) FROM person',
      'CREATE EXTENSION postgres_fdw',
      'CREATE SERVER elsewhere FOREIGN DATA WRAPPER postgres_fdw',
      'CREATE FOREIGN TABLE abroad (a int) SERVER elsewhere',
      'CREATE EXTENSION pg_buffercache',
      'CREATE TABLE unanalyzed (a int)',
      'ANALYZE person, measure',
      `GRANT USAGE ON SCHEMA sales TO ${role}`,
      `GRANT SELECT ON person, happy TO ${role}`,
      `GRANT SELECT ON closed.secret TO ${role}`,
      `GRANT SELECT (open) ON partly TO ${role}`,
      `ALTER DATABASE ${database} SET search_path = public, sales`,
    ]);
    opened = await open();
    schema = await opened.introspect(everything, never);
  });
  afterAll(async () => {
    await opened?.close();
    await runPostgres(server, [
      `DROP DATABASE IF EXISTS ${database} WITH (FORCE)`,
      `DROP ROLE IF EXISTS ${role}`,
    ]);
  });

  it('lists tables of every kind, without partitions and what extensions brought', () => {
    expect(schema.tables.map(({ schema: of, name, kind }) => `${of}.${name}: ${kind}`)).toEqual([
      'closed.secret: table',
      'public.abroad: foreign table',
      'public.counted: materialized view',
      'public.happy: view',
      'public.measure: partitioned table',
      'public.partly: table',
      'public.person: table',
      'public.unanalyzed: table',
      'sales.invoice: table',
      'sales.line: table',
    ]);
    expect(schema.searchPath).toEqual(['public', 'sales']);
  });

  it('reads identity, generated columns and defaults', () => {
    expect(column('person', 'id')).toMatchObject({ identity: true, nullable: false, default: null });
    expect(column('person', 'age')).toMatchObject({
      generated: expect.stringContaining('2024'),
      default: null,
    });
    expect(column('person', 'code')).toMatchObject({ default: "'x''y'::text", generated: null });
  });

  it('reads labels of enums, in arrays and domains as well', () => {
    const values = ['sad', "it's ok", 'happy'];
    expect(column('person', 'feels')).toMatchObject({ type: 'mood', values });
    expect(column('person', 'felt')).toMatchObject({ type: 'mood[]', values });
    expect(column('person', 'best')).toMatchObject({ type: 'happy_mood', values });
    expect(column('person', 'born')?.values).toBeNull();
  });

  it('reads domains with their checks', () => {
    expect(column('person', 'Post Code')?.type).toBe('zip');
    expect(table('person').traits).toContain('domain zip: character varying(5)');
    expect(table('person').checks.join('\n')).toMatch(/"Post Code".*\^\[0-9\]\{5\}\$/);
    expect(table('person').checks.join('\n')).toMatch(/born > '1900-01-01'/);
  });

  it('reads unique keys over plain columns of all rows alone', () => {
    expect(table('person').uniqueKeys).toEqual([['code', 'born']]);
    expect(table('invoice').primaryKey).toEqual(['country', 'nr']);
    expect(table('measure').primaryKey).toEqual(['at', 'value']);
  });

  it('reads foreign keys across schemas, of several columns, to itself', () => {
    expect(table('invoice').foreignKeys).toEqual([
      { columns: ['person_id'], references: { schema: 'public', table: 'person', columns: ['id'] } },
    ]);
    expect(table('line').foreignKeys).toEqual(
      expect.arrayContaining([
        {
          columns: ['country', 'nr'],
          references: { schema: 'sales', table: 'invoice', columns: ['country', 'nr'] },
        },
        { columns: ['parent'], references: { schema: 'sales', table: 'line', columns: ['id'] } },
      ]),
    );
  });

  it('estimates rows without a scan', () => {
    expect(table('measure')).toMatchObject({ rowEstimate: 100, traits: ['2 partitions by RANGE (at)'] });
    expect(table('unanalyzed').rowEstimate).toBeNull();
    expect(table('happy').rowEstimate).toBeNull();
  });

  it('leaves out what the role may not read', async () => {
    const limited = await open({ user: role, password: 'x' });
    const seen = await limited.introspect(everything, never);
    await limited.close();
    expect(seen.tables.map(({ name }) => name)).toEqual(['happy', 'partly', 'person']);
    expect(table('partly', seen).columns.map(({ name }) => name)).toEqual(['open']);
  });

  it('leaves out hidden columns, their keys and checks, and the views that read them', async () => {
    const hiding = await open({}, ['person.feels', '*.born', 'invoice.nr']);
    const seen = await hiding.introspect(everything, never);
    await hiding.close();
    expect(seen.tables.map(({ name }) => name)).not.toContain('happy');
    expect(table('person', seen).uniqueKeys).toEqual([]);
    expect(table('invoice', seen).primaryKey).toEqual([]);
    expect(JSON.stringify(seen)).not.toMatch(/feels|born/);
    expect(table('line', seen).foreignKeys).toHaveLength(1);
  });

  it.each([
    ['a column', 'ALTER TABLE unanalyzed ADD COLUMN b int'],
    ['a comment', "COMMENT ON COLUMN unanalyzed.a IS 'new'"],
    ['a label', "ALTER TYPE mood ADD VALUE 'calm'"],
    ['a constraint', 'ALTER TABLE unanalyzed ADD CHECK (a > 0)'],
    ['a default', 'ALTER TABLE unanalyzed ALTER COLUMN a SET DEFAULT 5'],
    ['a view', 'CREATE OR REPLACE VIEW happy AS SELECT id, feels, code FROM person'],
    ['a name', 'ALTER TABLE unanalyzed RENAME TO renamed'],
    ['a privilege', 'GRANT SELECT ON measure TO PUBLIC'],
  ])('has another fingerprint after a change of %s', async (_what, sql) => {
    const before = await opened.fingerprint(never);
    expect(await opened.fingerprint(never)).toBe(before);
    await runPostgres(target, [sql]);
    expect(await opened.fingerprint(never)).not.toBe(before);
  });

  describe('of what is told wrong easily', () => {
    const odd = uniquePostgresName('introspect_odd');
    let told: Schema;
    let text: string;
    beforeAll(async () => {
      await runPostgres(server, [
        `CREATE DATABASE ${odd} ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0`,
      ]);
      const place = { ...server, database: odd };
      await runPostgres(place, [
        'CREATE SCHEMA archive',
        'CREATE TABLE public.invoice (id int)',
        'CREATE TABLE archive.invoice (id int)',
        'CREATE TABLE archive.old (id int)',
        "CREATE TYPE state AS ENUM ('open', E'in\\nbetween', 'it''s')",
        'CREATE TYPE address AS (street text, "Post Code" varchar(5))',
        'CREATE TABLE customer (id int, state state, home address, others address[])',
        'CREATE TABLE reading (at date, value int) PARTITION BY RANGE (at, (value % 10))',
        'CREATE TABLE metric (at date, value int)',
        'CREATE TABLE metric_1 () INHERITS (metric)',
        'CREATE TABLE metric_2 () INHERITS (metric)',
        'CREATE TABLE metric_2a () INHERITS (metric_2)',
        'CREATE TABLE metric_wide (unit text) INHERITS (metric)',
        'INSERT INTO metric_1 SELECT now(), x FROM generate_series(1, 30) x',
        'ANALYZE metric_1',
        'CREATE TABLE noted (id int, b int)',
        "COMMENT ON COLUMN noted.b IS 'readable'",
        // One byte of Latin-1, which no client that reads UTF-8 can be shown.
        `DO $$ BEGIN EXECUTE 'COMMENT ON COLUMN noted.id IS ' || chr(39) || 'caf' || convert_from('\\xe9', 'SQL_ASCII') || chr(39); END $$`,
        `ALTER DATABASE ${odd} SET search_path = public, archive`,
      ]);
      const database = await open({ database: odd });
      told = await database.introspect(everything, never);
      await database.close();
      text = describeSchema(told, dialect, { comments: true, defaults: true });
    });
    afterAll(() => runPostgres(server, [`DROP DATABASE IF EXISTS ${odd} WITH (FORCE)`]));

    it('names the schema of a table that an earlier schema has too', () => {
      expect(text).toMatch(/^table invoice$/m);
      expect(text).toMatch(/^table archive\.invoice$/m);
      expect(text).toMatch(/^table old$/m);
    });

    it('writes a label with a line break as SQL has to', () => {
      expect(text).toContain(String.raw`state state {'open', E'in\nbetween', 'it''s'}`);
    });

    it('tells the fields of composite types and what tables are partitioned by', () => {
      expect(table('customer', told).traits).toContain(
        'type address: (street text, "Post Code" character varying(5))',
      );
      expect(table('reading', told).traits).toEqual(['0 partitions by RANGE (at, ((value % 10)))']);
    });

    it('folds tables that inherit into their parent, and tells those that have columns of their own', () => {
      expect(told.tables.map(({ name }) => name).filter((name) => name.startsWith('metric'))).toEqual([
        'metric',
        'metric_wide',
      ]);
      expect(table('metric', told)).toMatchObject({
        rowEstimate: 30,
        traits: ['with the rows of 3 tables that inherit it'],
      });
      expect(table('metric_wide', told).traits).toEqual(['inherits metric, which shows its rows too']);
    });

    it('leaves out what the server can not show, and says so', () => {
      expect(told.warnings).toEqual([expect.stringMatching(/can't show a comment.*0xe9/)]);
      expect(table('noted', told).columns.map(({ comment }) => comment)).toEqual([null, 'readable']);
    });
  });
});
