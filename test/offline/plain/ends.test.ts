import { afterAll, expect, it } from 'vitest';
import { worldOf } from './world.ts';

const ferry = await worldOf(`
  CREATE TABLE ports (id INTEGER PRIMARY KEY, name TEXT NOT NULL, country TEXT NOT NULL);
  INSERT INTO ports VALUES (1, 'Visby', 'Sweden'), (2, 'Nynas', 'Sweden'), (3, 'Oslo', 'Norway'), (4, 'Kiel', 'Germany'), (5, 'Tallinn', 'Estonia');
  CREATE TABLE ships (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
  INSERT INTO ships VALUES (1, 'Aurora'), (2, 'Baltica'), (3, 'Corvus');
  CREATE TABLE sailings (id INTEGER PRIMARY KEY, departure_port_id INTEGER NOT NULL REFERENCES ports (id),
    arrival_port_id INTEGER NOT NULL REFERENCES ports (id), ship_id INTEGER NOT NULL REFERENCES ships (id), departed_at TEXT NOT NULL, arrived_at TEXT);
  INSERT INTO sailings VALUES (1, 1, 2, 1, '2025-03-01 08:00:00', '2025-03-01 11:30:00'), (2, 2, 1, 1, '2025-03-02 08:00:00', '2025-03-02 11:10:00'),
    (3, 3, 4, 2, '2025-04-01 14:00:00', '2025-04-02 10:00:00'), (4, 4, 3, 2, '2025-04-03 14:00:00', '2025-04-04 10:30:00'),
    (5, 1, 5, 3, '2026-05-01 09:00:00', NULL), (6, 1, 2, 1, '2026-05-02 08:00:00', '2026-05-02 11:20:00');
  CREATE TABLE passengers (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
  INSERT INTO passengers VALUES (1, 'Anna'), (2, 'Ben'), (3, 'Carl');
  CREATE TABLE tickets (id INTEGER PRIMARY KEY, passenger_id INTEGER NOT NULL REFERENCES passengers (id), sailing_id INTEGER NOT NULL REFERENCES sailings (id), price REAL NOT NULL);
  INSERT INTO tickets VALUES (1, 1, 1, 80), (2, 1, 2, 85), (3, 2, 3, 55), (4, 3, 3, 120), (5, 3, 4, 125), (6, 3, 4, 5);
`);
const league = await worldOf(`
  CREATE TABLE teams (team_id INTEGER PRIMARY KEY, name TEXT NOT NULL);
  INSERT INTO teams VALUES (1, 'Reds'), (2, 'Blues'), (3, 'Greens');
  CREATE TABLE games (game_id INTEGER PRIMARY KEY, home_team_id INTEGER NOT NULL REFERENCES teams (team_id), away_team_id INTEGER NOT NULL REFERENCES teams (team_id), played_on DATE NOT NULL);
  INSERT INTO games VALUES (1, 1, 2, '2025-08-02'), (2, 2, 1, '2025-08-16'), (3, 1, 3, '2025-09-01'), (4, 3, 2, '2026-02-01'), (5, 3, 1, '2026-03-01');
  CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, signed_up DATE NOT NULL);
  INSERT INTO users VALUES (1, 'Anna', '2024-01-01'), (2, 'Ben', '2024-02-01'), (3, 'Cleo', '2025-01-01'), (4, 'Dan', '2026-05-05');
  CREATE TABLE messages (id INTEGER PRIMARY KEY, sender_id INTEGER NOT NULL REFERENCES users (id), recipient_id INTEGER NOT NULL REFERENCES users (id), sent_at TEXT NOT NULL);
  INSERT INTO messages VALUES (1, 1, 2, '2025-01-02 10:00:00'), (2, 2, 1, '2025-01-02 10:05:00'), (3, 1, 3, '2025-03-02 10:00:00'), (4, 3, 1, '2026-03-02 10:00:00'), (5, 1, 2, '2026-04-02 10:00:00');
  CREATE TABLE players (player_id INTEGER PRIMARY KEY, name TEXT NOT NULL);
  INSERT INTO players VALUES (1, 'Ivo'), (2, 'Jan'), (3, 'Lee');
  CREATE TABLE transfers (id INTEGER PRIMARY KEY, player_id INTEGER NOT NULL REFERENCES players (player_id), from_team INTEGER REFERENCES teams (team_id), to_team INTEGER NOT NULL REFERENCES teams (team_id), fee REAL);
  INSERT INTO transfers VALUES (1, 1, 2, 1, 5000), (2, 2, 3, 1, 7000), (3, 3, 1, 2, 3000), (4, 3, NULL, 3, 0);
  CREATE TABLE flights (flight_no TEXT PRIMARY KEY, origin TEXT NOT NULL, destination TEXT NOT NULL);
  INSERT INTO flights VALUES ('SK1', 'Oslo', 'London'), ('SK2', 'London', 'Oslo'), ('AF1', 'Paris', 'Oslo'), ('AF2', 'Paris', 'London');
`);
afterAll(() => {
  ferry.close();
  league.close();
});

/** The first column of rows. */
const firsts = (rows: unknown): unknown => (Array.isArray(rows) ? rows.map(([first]) => first) : rows);

it.each([
  ['sailings from Visby', [1, 5, 6]],
  ['sailings to Visby', [2]],
  ['sailings from Visby to Nynas', [1, 6]],
  ['sailings that left Visby in 2026', [5, 6]],
  ['how many sailings leave from Visby?', [3]],
  ['sailings arriving in Oslo', [4]],
  // One has not arrived yet.
  ['how many sailings arrived in Tallinn?', [0]],
  ['sailings bound for Tallinn', [5]],
  ['sailings not from Visby', [2, 3, 4]],
  ['sailings from Sweden', [1, 2, 5, 6]],
  ['sailings with destination Visby', [2]],
  ['which ships sail from Visby?', ['Aurora', 'Corvus']],
  ['passengers who travelled to Oslo', ['Carl']],
  ['passengers who sailed from Oslo', ['Ben', 'Carl']],
  ['how many sailings per departure port?', ['Kiel', 'Nynas', 'Oslo', 'Visby']],
])('of sailings: %s', async (question, expected) => {
  expect(firsts(await ferry.ask(question))).toEqual(expected);
});

it.each([
  ['games where Reds were the home team', [1, 3]],
  ['home games of Reds', [1, 3]],
  ['games Reds played away', [2, 5]],
  ['how many away games did Reds play?', [2]],
  ['games Reds played', [1, 2, 3, 5]],
  ['how many games did Reds play?', [4]],
  ['games between Reds and Blues', [1, 2]],
  ['games of Reds against Blues', [1, 2]],
  ['Reds games in 2026', [5]],
  ['games with home team Greens', [4, 5]],
  ['messages sent by Anna', [1, 3, 5]],
  ['messages sent to Ben', [1, 5]],
  ['messages from Anna to Ben', [1, 5]],
  ['messages Anna received', [2, 4]],
  ['how many messages did Anna send?', [3]],
  ['how many messages were sent to Ben in 2026?', [1]],
  ['messages to Anna not from Ben', [4]],
  ['messages between Anna and Ben', [1, 2, 5]],
  ['users who sent a message to Ben', ['Anna']],
  ['how many users sent a message in 2026?', [2]],
  ['users who never sent a message', ['Dan']],
  ['transfers from Blues to Reds', [1]],
  ['total fee of transfers to Reds', [12000]],
  ['players who moved to Reds', ['Ivo', 'Jan']],
  ['flights to Oslo', ['SK2', 'AF1']],
  ['flights from Paris to London', ['AF2']],
])('of games, messages, transfers and flights: %s', async (question, expected) => {
  expect(firsts(await league.ask(question))).toEqual(expected);
});

it.each([
  ['sailings of Visby', ferry],
  ['messages of Anna', league],
  ['flights of Oslo', league],
])('%s asks which end is meant', async (question, world) => {
  const answer = await world.ask(question);
  expect(answer).toMatchObject({ kind: 'asks' });
  expect('choices' in answer ? answer.choices : []).toHaveLength(2);
});

it.each(['passengers in Oslo', 'games Reds won', 'how many games did Reds lose?'])(
  '%s is not answered by either key',
  async (question) => {
    const world = question.startsWith('passengers') ? ferry : league;
    expect(await world.ask(question)).toHaveProperty('kind');
  },
);
