import { afterAll, beforeAll, expect, it } from 'vitest';
import { fileConnector } from '../../../../src/database/duckdb/file-connector.ts';
import type { Connector } from '../../../../src/database/duckdb/session.ts';
import { createDuckdbWorld, type DuckdbWorld } from '../../../support/duckdb-world.ts';

let world: DuckdbWorld;
let connector: Connector;

beforeAll(async () => {
  world = await createDuckdbWorld('CREATE TABLE notes (text VARCHAR);\n');
  connector = fileConnector(world.path);
});
afterAll(() => {
  connector?.close();
  world?.destroy();
});

it.each([
  ['access_mode', 'read_only'],
  ['enable_external_access', 'false'],
  ['lock_configuration', 'true'],
  ['autoload_known_extensions', 'false'],
  ['autoinstall_known_extensions', 'false'],
  ['allow_community_extensions', 'false'],
  ['allow_persistent_secrets', 'false'],
  ['temp_directory', ''],
])('a reader of DuckDB has %s = %j in force', async (name, wanted) => {
  const connection = await connector.reader();
  const [row] = await connection.rows('SELECT CAST("system".main.current_setting($1) AS VARCHAR)', [name]);
  connection.close();
  expect(row).toEqual([wanted]);
});

it.each([
  ["INSERT INTO notes VALUES ('x')", /read-only/],
  ['SET enable_external_access = true', /locked|while database is running/],
  ['SET lock_configuration = false', /locked/],
  ["SET temp_directory = '/tmp'", /locked|disabled/],
  ["SELECT * FROM read_text('/etc/passwd')", /disabled by configuration/],
  ["COPY notes TO '/tmp/sqlq-hostile.csv'", /disabled by configuration/],
  ["ATTACH '/tmp/sqlq-hostile.duckdb' AS x", /disabled by configuration/],
  ['LOAD httpfs', /disabled/],
])('and the engine alone refuses %s', async (sql, words) => {
  const { driver, handle, close } = await connector.reader();
  await expect(driver.query(handle, sql)).rejects.toThrow(words);
  close();
});
