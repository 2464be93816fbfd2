import { describe, expect, it } from 'vitest';
import { resolveTarget } from '../../../src/config/database/target.ts';
import { homeOf } from '../../../src/database/trino/session.ts';

const token = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2ln';

const resolve = (text: string | null, environment: Readonly<Record<string, string>> = {}) =>
  resolveTarget(text, { environment, workingDirectory: '/nowhere', homeFolder: '/nowhere' });

describe('addresses', () => {
  it.each([
    [
      'trino://ada:p%40ss@trino.example:8443/hive/sales?SSL=true',
      {
        host: 'trino.example',
        port: 8443,
        user: 'ada',
        password: 'p@ss',
        database: 'hive/sales',
        tls: { mode: 'verify-full' },
      },
    ],
    ['trino://ada@trino.example/hive', { port: 8080, database: 'hive', tls: { mode: 'verify-full' } }],
    ['trino://localhost', { user: 'trino', password: null, database: null, tls: { mode: 'disable' } }],
    [
      'jdbc:trino://trino.example:443/hive?SSL=true&SSLVerification=NONE&user=ada&password=x',
      { port: 443, user: 'ada', password: 'x', tls: { mode: 'require' } },
    ],
    ['jdbc:trino://h:1/c?SSL=true&SSLVerification=CA&clientTags=a', { port: 1, tls: { mode: 'verify-ca' } }],
    ['trino+rest://ada@localhost:8081/tpch/tiny', { user: 'ada', port: 8081, database: 'tpch/tiny' }],
    [
      `trino://ada@h/c?access_token=${token}&http_scheme=https`,
      { password: token, tls: { mode: 'verify-full' } },
    ],
    [`jdbc:trino://h:443/c?SSL=true&accessToken=${token}`, { password: token }],
  ])('%s', async (text, target) => {
    expect(await resolve(text)).toMatchObject({ engine: 'trino', ...target });
  });

  it('take what they leave out from variables', async () => {
    const environment = {
      TRINO_HOST: 'h',
      TRINO_PORT: '8443',
      TRINO_USER: 'ada',
      TRINO_CATALOG: 'hive',
      TRINO_PASSWORD: 'x',
    };
    expect(await resolve(null, environment)).toMatchObject({
      engine: 'trino',
      host: 'h',
      port: 8443,
      user: 'ada',
      database: 'hive',
      password: 'x',
    });
    expect(await resolve('trino://h', { TRINO_ACCESS_TOKEN: token })).toMatchObject({ password: token });
  });

  it('refuse a parameter that changes who asks or what for', async () => {
    for (const parameter of [
      'roles=system:admin',
      'sessionProperties=x:y',
      'sessionUser=bob',
      'extraCredentials=a:b',
      'path=evil',
      'sql_path=evil',
    ]) {
      await expect(resolve(`trino://h/c?${parameter}`)).rejects.toMatchObject({ code: 'usage' });
    }
  });

  it.each([
    ['Hive/Sales', { catalog: 'hive', schema: 'sales' }],
    ['hive', { catalog: 'hive', schema: null }],
    ['hive/', { catalog: 'hive', schema: null }],
    [null, { catalog: null, schema: null }],
  ])('name a catalog and a schema: %s', (database, home) => {
    expect(homeOf({ database })).toEqual(home);
  });
});
