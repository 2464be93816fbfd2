import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { answers, type ModelServerFake, startModelServer } from '../support/model-server.ts';
import { runProgram } from '../support/program.ts';
import { startInTerminal } from '../support/pseudo-terminal.ts';
import { type ScriptedDatabase, scriptedEngines } from '../support/scripted-databases.ts';

const script = [
  'CREATE TABLE genre (code VARCHAR(4) PRIMARY KEY, label VARCHAR(30) NOT NULL)',
  "INSERT INTO genre VALUES ('F', 'Fiction'), ('H', 'History')",
  'CREATE TABLE guest (id INTEGER PRIMARY KEY, country VARCHAR(40) NOT NULL, state VARCHAR(10) NOT NULL, genre VARCHAR(4) NOT NULL REFERENCES genre (code), secret VARCHAR(20) NOT NULL)',
  `INSERT INTO guest VALUES ${["Côte d''Ivoire", 'Germany', 'France', 'Spain', 'Netherlands', 'Nigeria', 'Niger'].map((country, index) => `(${index + 1}, '${country}', '${index % 2 ? 'CA' : 'NY'}', '${'FH'[index % 2]}', 'Canary')`).join(', ')}`,
  'CREATE TABLE town (id INTEGER PRIMARY KEY, name VARCHAR(40) NOT NULL)',
  "INSERT INTO town VALUES (1, 'Lon\ndon'), (2, 'Bath')",
];

/** A column of labels, where the engine has such. */
const enumOf: Readonly<Record<string, readonly string[]>> = {
  postgres: [
    "CREATE TYPE mood AS ENUM ('cancelled', 'shipped')",
    'CREATE TABLE parcel (id INTEGER PRIMARY KEY, mood mood NOT NULL)',
    "INSERT INTO parcel VALUES (1, 'cancelled'), (2, 'shipped')",
  ],
  duckdb: [
    "CREATE TABLE parcel (id INTEGER PRIMARY KEY, mood ENUM('cancelled', 'shipped') NOT NULL)",
    "INSERT INTO parcel VALUES (1, 'cancelled'), (2, 'shipped')",
  ],
  mysql: [
    "CREATE TABLE parcel (id INTEGER PRIMARY KEY, mood ENUM('cancelled', 'shipped') NOT NULL)",
    "INSERT INTO parcel VALUES (1, 'cancelled'), (2, 'shipped')",
  ],
};

/** Looks take longer on a machine that runs other tests. */
const environment = { SQLQ_DOUBT_TIMEOUT: '20s', SQLQ_DOUBTS: undefined };
let model: ModelServerFake;
beforeEach(async () => {
  model = await startModelServer();
});
afterEach(() => model.close());

const served = () => ['--base-url', model.baseUrl, '--model', 'm'];
const ask = (db: string, question: string, ...argv: readonly string[]) =>
  runProgram(['ask', '--db', db, '--yes', ...served(), ...argv, question], { environment });
/** All that left for the model. */
const sent = (): string => model.requests.map(({ text }) => text).join('\n');

for (const { name, isAvailable, create } of scriptedEngines('spelt')) {
  describe.skipIf(!isAvailable)(`a model's SQL on ${name}`, () => {
    let made: ScriptedDatabase;
    beforeAll(async () => {
      made = await create(name === 'sqlite' ? script : [...script, ...(enumOf[name] ?? [])]);
    });
    afterAll(() => made?.drop());

    it('is put as the data spells it: case, accents, blanks, a slip, an abbreviation, a label, another name', async () => {
      const countries = "'cote d''ivoire', 'germany', 'Francee', 'Spain  ', 'Neth'";
      model.script(
        answers({
          sql: `SELECT COUNT(*) AS n FROM guest WHERE (country IN (${countries}) AND genre <> 'history') OR state = 'California'`,
          assumptions: ['guests count once'],
        }),
      );
      const ended = await ask(made.url, 'how many guests feel at home?');
      expect(ended).toMatchObject({ code: 0, stdout: 'n\n6\n' });
      const lines = ended.stderr.split('\n').filter((line) => /^\d+\. /u.test(line));
      // A collation of MySQL that minds letters does not mind blanks at the end.
      const blanks = name === 'mysql' ? [] : ["'Spain  ': stored as 'Spain' (guest.country)"];
      expect(lines).toEqual(
        [
          'guests count once',
          "cote d'ivoire: stored as 'Côte d'Ivoire' (guest.country)",
          "germany: stored as 'Germany' (guest.country)",
          "Francee: stored as 'France' (guest.country)",
          ...blanks,
          "Neth: stored as 'Netherlands' (guest.country)",
          "history: stored as 'H' (guest.genre)",
          "California: stored as 'CA' (guest.state)",
        ].map((line, index) => `${index + 1}. ${line}`),
      );
      expect(ended.stderr).not.toContain('Doubt:');
      expect(sent()).not.toMatch(/Germany|Ivoire|Netherlands|Canary/u);
    });

    it('makes no line of its own of one that is stored', async () => {
      model.script(answers({ sql: "SELECT id FROM town WHERE name = 'london'" }));
      const ended = await ask(made.url, 'which town is london?');
      expect(ended).toMatchObject({ code: 0, stdout: 'id\n1\n' });
      expect(ended.stderr).toContain("1. london: stored as 'Lon\\ndon' (town.name)\n");
    });

    it('stays as it is where several values can be meant, and where another thing is', async () => {
      model.script(
        answers({
          sql: "SELECT COUNT(*) AS n FROM guest WHERE country IN ('Nig', 'Austria', 'Spain 2', 'Slovenia')",
        }),
      );
      const ended = await ask(made.url, 'how many guests feel at home?');
      expect(ended).toMatchObject({ code: 0, stdout: 'n\n0\n' });
      expect(ended.stderr).not.toContain('stored as');
      expect(ended.stderr).toMatch(/Doubt: No row has guest\.country = 'Nig'\. Near it: 'Niger(?:ia)?', /u);
      expect(ended.stderr).toContain("Doubt: No row has guest.country = 'Austria'.");
    });

    it('is what the question says where the model has put another word, and no word of another condition', async () => {
      const from = 'SELECT COUNT(*) AS n FROM guest WHERE';
      model.script(
        answers({ sql: `${from} country = 'Deutschland'` }),
        answers({ sql: `${from} country IN ('Spain', 'Gremania')` }),
      );
      const said = await ask(made.url, 'how many guests from Germany?');
      expect(said).toMatchObject({ code: 0, stdout: 'n\n1\n' });
      expect(said.stderr).toContain("1. Deutschland: stored as 'Germany' (guest.country)");
      const other = await ask(made.url, 'how many guests from Spain or Gremania?');
      expect(other).toMatchObject({ code: 0, stdout: 'n\n1\n' });
      expect(other.stderr).not.toContain('stored as');
      expect(other.stderr).toContain("Doubt: No row has guest.country = 'Gremania'.");
    });

    // SQLite has no type of labels.
    if (name !== 'sqlite') {
      it('is put as a label of the column is spelt, which no request is needed for', async () => {
        model.script(answers({ sql: "SELECT id FROM parcel WHERE mood = 'Cancled'" }));
        const ended = await ask(made.url, 'which parcels are cancelled?');
        expect(ended).toMatchObject({ code: 0, stdout: 'id\n1\n' });
        expect(ended.stderr).toContain("1. Cancled: stored as 'cancelled' (parcel.mood)");
      });
    }

    it('stays as it is under --strict, and without the look', async () => {
      model.scriptAll(answers({ sql: "SELECT COUNT(*) AS n FROM guest WHERE country = 'germany'" }));
      const strict = await ask(made.url, 'how many guests?', '--strict');
      expect(strict).toMatchObject({ code: 4, stdout: '' });
      expect(strict.stderr).toContain("Doubt: No row has guest.country = 'germany'. Near it: 'Germany'.");
      const blind = await ask(made.url, 'how many guests?', '--no-doubts');
      expect(blind).toMatchObject({ code: 0, stdout: 'n\n0\n' });
    });
  });
}

describe('a spelling that was put in', () => {
  const germans = "SELECT count(*) AS n FROM customers WHERE lower(country) = 'germny'";

  it('is rejected by its number, and the model hears of none in what follows', async () => {
    model.scriptAll(answers({ sql: germans }));
    const ended = await runProgram(['repl', '--db', 'sample', '--yes', '--no-cache', ...served()], {
      environment,
      input: 'how many germans?\nand in all?\n1\n',
    });
    expect(ended.stderr).toContain("1. germny: stored as 'Germany' (customers.country)");
    expect(ended.stderr).toContain("Doubt: No row has customers.country = 'germny'.");
    expect(ended.stdout.match(/\d+/gu)?.slice(-1)).toEqual(['0']);
    expect(Number(ended.stdout.match(/\d+/u)?.[0])).toBeGreaterThan(0);
    expect(model.requests).toHaveLength(3);
    expect(sent()).toContain('germny');
    expect(sent()).not.toMatch(/germany/iu);
  });

  it('is rejected by its number in a terminal, where one of several is chosen too', async () => {
    model.script(
      answers({ sql: "SELECT count(*) AS n FROM customers WHERE country = 'germany' OR city = 'L'" }),
    );
    const terminal = startInTerminal(['ask', '--db', 'sample', ...served(), 'how many?'], {
      environment: { SQLQ_DOUBT_TIMEOUT: '20s' },
    });
    await terminal.waitFor("No row has customers.city = 'L'. What is meant?");
    terminal.type('\r');
    await terminal.waitFor('Run this query?');
    expect(terminal.screen()).toMatch(/1\. germany: stored as 'Germany'/u);
    expect(terminal.screen()).toMatch(/2\. L: stored as '\w+' \(customers\.city\)/u);
    terminal.type('1');
    await terminal.waitFor("No row has customers.country = 'germany'");
    terminal.type('y');
    expect(await terminal.exited).toBe(0);
  });

  it('goes along with the question where values may be sent, and no other value does', async () => {
    model.scriptAll(answers({ sql: 'SELECT 1 AS n' }));
    await ask(
      'sample',
      'how many customers from Germny or SPAIN?',
      '--send',
      'comments,values',
      '--hide',
      'customers.email',
    );
    expect(sent()).toContain('customers.country: Spain\\ncustomers.country: Germany');
    expect(sent()).not.toMatch(/France|Italy|@/u);
    const [before] = model.requests;
    await ask('sample', 'how many customers from Germny or SPAIN?');
    expect(model.requests.at(-1)?.text).not.toMatch(/Germany/u);
    expect(before).not.toBe(model.requests.at(-1));
  });

  it('of a misspelt word is a doubt under --strict, whoever read it', async () => {
    const ended = await runProgram(
      ['ask', '--db', 'sample', '--yes', '--strict', 'how many customers are there in Germny?'],
      { environment },
    );
    expect(ended).toMatchObject({ code: 4, stdout: '' });
    expect(ended.stderr).toContain(
      "Doubt: The question says 'germny', and the SQL takes it for customers.country = 'Germany'.",
    );
  });
});
