import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readProfiles } from '../../src/ask/cache/profiles.ts';
import { dialectOf } from '../../src/database/engines.ts';
import { type DatabaseClient, openDatabase } from '../../src/database/process/client.ts';
import { describeSchema } from '../../src/schema/describe.ts';
import type { Schema } from '../../src/schema/schema.ts';
import { eachEngine, type OwnDatabase } from '../support/each-engine.ts';

const never = new AbortController().signal;
const filter = { schemas: [], include: [], exclude: [] };

const member = (index: number): string =>
  `(${index}, ${1_700_000_000 + index * 86_400}, '${String((index % 28) + 1).padStart(2, '0')}.0${(index % 9) + 1}.20${10 + (index % 15)}', '${['red,blue', 'red,green', 'blue', 'green,red,blue'][index % 4]}', '${'YN'[index % 2]}', ${index % 3 === 0 ? 'NULL' : `'note ${index}'`}, '${['gold', 'silver'][index % 2]}', NULL, 'AB-${100 + index}', 'secret ${index}')`;

/** Members of a club, as badly typed as real ones. */
const script = [
  'CREATE TABLE member (id INTEGER PRIMARY KEY, joined_at INTEGER, born VARCHAR(20), colours VARCHAR(60), paid CHAR(1), note VARCHAR(40), level VARCHAR(10), gone INTEGER, code VARCHAR(10), pin VARCHAR(20))',
  `INSERT INTO member VALUES ${Array.from({ length: 60 }, (_, index) => member(index + 1)).join(', ')}`,
  'CREATE TABLE visit (id INTEGER PRIMARY KEY, kind VARCHAR(10) NOT NULL)',
  `INSERT INTO visit VALUES ${Array.from({ length: 900 }, (_, index) => `(${index + 1}, '${index < 400 ? 'walk' : 'call'}')`).join(', ')}`,
  'CREATE VIEW visits_of_all AS SELECT kind FROM visit',
];

describe.each(eachEngine)('profiles on $name', ({ isAvailable, create }) => {
  let own: OwnDatabase;
  let client: DatabaseClient;
  let schema: Schema;
  const kept = new Map<string, string>();
  const store = {
    read: async (key: string) => kept.get(key) ?? null,
    write: async (key: string, text: string) => void kept.set(key, text),
  };
  let ran = 0;
  const told = async (samples = false): Promise<string> => {
    ran = 0;
    const counting: Pick<DatabaseClient, 'run' | 'dataFingerprint'> = {
      dataFingerprint: (signal) => client.dataFingerprint(signal),
      run: (sql, options) => {
        ran += 1;
        return client.run(sql, options);
      },
    };
    const profiles = await readProfiles(
      {
        database: counting,
        schema,
        store,
        identity: ['test'],
        timeoutMs: 20_000,
        longestAgeMs: 0,
        samples,
        signal: never,
      },
      schema.tables,
    );
    return describeSchema(schema, dialectOf(client.engine), { comments: true, defaults: false, profiles });
  };

  beforeAll(async () => {
    if (!isAvailable()) {
      return;
    }
    own = await create(script);
    client = openDatabase(own.target, {
      access: 'read',
      timeoutMilliseconds: 30_000,
      hide: ['member.pin'],
      memoryLimit: 2 ** 30,
      environment: process.env,
    });
    schema = await client.introspect(filter, never);
  }, 60_000);
  afterAll(async () => {
    if (isAvailable()) {
      await client.close();
      await own.drop();
    }
  });

  it('tells how values are written and how many there are, and none of them', async (test) => {
    test.skip(!isAvailable(), 'the server is not there');
    const text = await told();
    const line = (name: string): string =>
      text.split('\n').find((entry) => entry.startsWith(`  ${name} `)) ?? '';
    expect(line('joined_at')).toContain('[epoch seconds]');
    expect(line('born')).toContain('[text that holds dates, DD.MM.YYYY');
    expect(line('colours')).toContain('[comma-separated list; 4 values]');
    expect(line('paid')).toContain("['N' or 'Y']");
    expect(line('note')).toContain('30 % NULL]');
    expect(line('level')).toContain('two values');
    expect(line('gone')).toContain('[always NULL]');
    expect(line('code')).toContain('[written AA-999]');
    // Counted beyond the first rows, where all would be "walk".
    expect(line('kind')).toContain('two values');
    expect(text).not.toMatch(/silver|red,blue|note 1|walk|AB-1/u);
    expect(text).not.toContain('pin');
    expect([...kept.values()].join('')).not.toMatch(/silver|secret|walk/u);
  });

  it('looks once, and again where the data has changed', async (test) => {
    test.skip(!isAvailable(), 'the server is not there');
    // MariaDB keeps whole seconds: what has just changed may change again in the same one.
    await expect.poll(async () => (await told()) && ran, { timeout: 20_000, interval: 500 }).toBe(0);
    await own.run([
      "INSERT INTO member VALUES (1000, 1, 'long ago', 'red', 'Y', 'x', 'bronze', 1, 'none', 'secret')",
    ]);
    // PostgreSQL counts changes a while after they were made.
    await expect
      .poll(async () => ((await told()).match(/^ {2}born .*/mu) ?? [''])[0], {
        timeout: 20_000,
        interval: 500,
      })
      .not.toContain('dates');
    expect(await told()).toMatch(/^ {2}level .*3 values/mu);
  });

  it('shows rows, frequent values and ends only where samples are wanted, hidden columns never', async (test) => {
    test.skip(!isAvailable(), 'the server is not there');
    const text = await told(true);
    expect(text).toMatch(/^ {2}level .*such as 'gold', 'silver', 'bronze'/mu);
    expect(text).toMatch(/^ {2}id .*from 1 to 1000\]/mu);
    expect(text).toMatch(
      /^ {2}rows \(id, joined_at, .*\)\n {4}\(1, 1700086400, '02\.02\.2011', 'red,green'/mu,
    );
    expect(text.match(/^ {4}\(/gmu)).toHaveLength(6);
    expect(text).not.toContain('secret');
    expect([...kept.values()].join('')).not.toMatch(/silver|secret|walk/u);
  });
});
