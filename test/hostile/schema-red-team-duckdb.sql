-- A schema of everything by which a hidden column could come out (DuckDB >= 1.5): people.ssn, people.pin and badges.kind are
-- hidden, and every value of theirs holds the word secret or a number below. A statement ends at a semicolon at the end of a line.
CREATE TYPE badge_kind AS ENUM ('secret-gold', 'secret-tin');
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE SEQUENCE ids START 10;
CREATE TABLE people (
  id INTEGER PRIMARY KEY DEFAULT nextval('ids'), name VARCHAR NOT NULL, ssn VARCHAR UNIQUE, pin INTEGER CHECK (pin > 0),
  tail VARCHAR GENERATED ALWAYS AS (substr(ssn, -8)), initial VARCHAR GENERATED ALWAYS AS (upper(tail)), shout VARCHAR GENERATED ALWAYS AS (upper(name)),
  feeling mood, born DATE
);
CREATE TABLE guesses (ssn VARCHAR, name VARCHAR);
CREATE TABLE wide (a VARCHAR, b VARCHAR, c VARCHAR, d VARCHAR, e VARCHAR, f VARCHAR, g VARCHAR, h VARCHAR, i VARCHAR);
CREATE TABLE notes (id INTEGER PRIMARY KEY, text VARCHAR);
CREATE TABLE orders (id INTEGER PRIMARY KEY, person INTEGER REFERENCES people (id), total DOUBLE, status VARCHAR DEFAULT 'new');
CREATE TABLE badges (id INTEGER, kind badge_kind, mood mood);
CREATE TABLE boxes (id INTEGER, inside STRUCT(name VARCHAR, size INTEGER), tags VARCHAR[], doc JSON);
CREATE TABLE odd ("a""b" INTEGER, "c d" VARCHAR, "Quoted" VARCHAR, "tables" INTEGER);
CREATE TABLE "табл ица" ("колонка" VARCHAR, ключ INTEGER);
CREATE SCHEMA other;
CREATE TABLE other.people (id INTEGER, ssn VARCHAR, label VARCHAR);
CREATE TABLE other.facts (id INTEGER, label VARCHAR);
CREATE INDEX by_pin ON people (pin);
CREATE INDEX by_name ON people (name);
CREATE MACRO ssn_of(who) AS (SELECT ssn FROM people WHERE id = who);
CREATE MACRO people_of(who) AS TABLE SELECT * FROM people WHERE id = who;
CREATE MACRO names_of(who) AS TABLE SELECT name FROM people WHERE id = who;
CREATE MACRO twice(x) AS x || x;
CREATE MACRO with_default(x, y := current_setting('threads')) AS coalesce(x, y);
CREATE MACRO from_people(x) AS (SELECT max(x) FROM people);
CREATE MACRO ssn_through(who) AS ssn_of(who);
CREATE VIEW plain AS SELECT id, name FROM people;
CREATE VIEW people_view AS SELECT id, ssn AS s FROM people;
CREATE VIEW view_of_view AS SELECT s, id AS i FROM people_view;
CREATE VIEW everything AS SELECT * FROM people;
CREATE VIEW renamed (a, b, c, d) AS SELECT id, name, ssn, pin FROM people;
CREATE VIEW grouped AS SELECT substr(ssn, 1, 1) AS n, count(*) AS c FROM people GROUP BY 1;
CREATE VIEW by_hidden AS SELECT id FROM people ORDER BY ssn LIMIT 5;
CREATE VIEW where_hidden AS SELECT id FROM people WHERE pin > 1000;
CREATE VIEW joined AS SELECT people.id FROM people JOIN guesses USING (ssn);
CREATE VIEW natural_joined AS SELECT people.id FROM people NATURAL JOIN guesses;
CREATE VIEW unioned AS SELECT id, name AS v FROM people UNION ALL SELECT id, ssn FROM people;
CREATE VIEW ranked AS SELECT id, rank() OVER (ORDER BY pin) AS r FROM people;
CREATE VIEW whole_row AS SELECT people AS p FROM people;
CREATE VIEW by_columns AS SELECT min(COLUMNS('s.n')) FROM people;
CREATE VIEW pivoted AS SELECT * FROM (PIVOT people ON id IN (1, 2) USING max(ssn));
CREATE VIEW by_macro AS SELECT ssn_of(1) AS x;
CREATE VIEW counted AS SELECT name, count(*) AS n FROM people GROUP BY name;
CREATE VIEW calls_setting AS SELECT current_setting('threads') AS t;
INSERT INTO people (id, name, ssn, pin, feeling, born) VALUES (1, 'Ada', '078-secret-1', 778231, 'ok', '2001-01-01'), (2, 'Bob', '219-secret-2', 778232, 'sad', '2002-02-02'), (3, 'Cleo', NULL, 778233, NULL, NULL);
INSERT INTO guesses VALUES ('078', 'Ada'), ('9', 'Bob');
INSERT INTO notes VALUES (1, 'one'), (2, 'two');
INSERT INTO orders VALUES (1, 1, 10.5, 'new'), (2, 2, 20, 'paid');
INSERT INTO badges VALUES (1, 'secret-gold', 'ok'), (2, 'secret-tin', 'sad');
INSERT INTO boxes VALUES (1, {'name': 'box', 'size': 3}, ['x', 'y'], '{"ssn": "1", "pin": 2}');
INSERT INTO odd VALUES (1, 'x', 'y', 3);
INSERT INTO "табл ица" VALUES ('да', 1);
INSERT INTO other.people VALUES (1, 'plain', 'l');
INSERT INTO other.facts VALUES (1, 'fact');
