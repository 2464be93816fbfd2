-- A schema of everything by which a hidden column could come out (SQLite >= 3.45): people.ssn and people.pin are hidden,
-- and every value of theirs holds the word secret or a number below.
CREATE TABLE people (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, ssn TEXT, pin INTEGER CHECK (pin > 0),
  tail TEXT AS (substr(ssn, -6)), initial TEXT AS (upper(tail)) VIRTUAL, code TEXT AS (ssn || 'x') STORED
);
CREATE TABLE guesses (ssn TEXT, name TEXT);
CREATE TABLE wide (a, b, c, d, e, f, g);
CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT);
CREATE TABLE orders (id INTEGER PRIMARY KEY, person INTEGER REFERENCES people (id), total REAL, status TEXT);
CREATE TABLE counted (id INTEGER PRIMARY KEY AUTOINCREMENT);
CREATE TABLE strict_table (n INTEGER) STRICT;
CREATE TABLE watched (a INTEGER);
CREATE TABLE odd ("a""b" INTEGER, [c d] TEXT, `e``f` TEXT);
CREATE TABLE "табл ица" ("колонка" TEXT, ключ INTEGER);
CREATE INDEX by_tail ON people (tail, name);
CREATE INDEX by_hash ON people (length(ssn), pin);
CREATE INDEX by_part ON people (name) WHERE pin > 1000;
CREATE VIEW plain AS SELECT id, name FROM people;
CREATE VIEW people_view AS SELECT id, ssn AS s FROM people;
CREATE VIEW view_of_view AS SELECT s, id AS i FROM people_view;
CREATE VIEW grouped AS SELECT substr(ssn, 1, 1) AS n, count(*) AS c FROM people GROUP BY 1;
CREATE VIEW by_secret AS SELECT id FROM people ORDER BY ssn LIMIT 5;
CREATE VIEW joined AS SELECT people.id FROM people JOIN guesses USING (ssn);
CREATE VIEW unioned AS SELECT id, name AS v FROM people UNION ALL SELECT id, ssn FROM people;
CREATE VIEW ranked AS SELECT id, rank() OVER (ORDER BY pin) AS r FROM people;
CREATE VIEW people_guarded AS SELECT id, fts3_tokenizer(name) AS t FROM people;
CREATE VIEW calls_tokenizer AS SELECT fts3_tokenizer('simple') AS t;
CREATE VIRTUAL TABLE tokens USING fts3tokenize('simple');
CREATE VIRTUAL TABLE open_search USING fts5 (words);
CREATE VIRTUAL TABLE found USING fts5 (name, ssn, content='people', content_rowid='id');
CREATE VIRTUAL TABLE mirror USING fts5 (s, content='view_of_view', content_rowid='i');
CREATE VIRTUAL TABLE terms USING fts5vocab ('found', 'row');
CREATE VIRTUAL TABLE terms_col USING fts5vocab ('found', 'col');
CREATE VIRTUAL TABLE terms_instance USING fts5vocab ('found', 'instance');
CREATE VIRTUAL TABLE old USING fts4 (a, people_ssn);
CREATE VIRTUAL TABLE old_terms USING fts4aux (old);
CREATE VIRTUAL TABLE places USING rtree (id, minx, maxx, +ssn TEXT);
CREATE TRIGGER guard_watched BEFORE INSERT ON watched
  BEGIN SELECT RAISE(ABORT, 'not: ' || ssn) FROM people; END;
INSERT INTO people (id, name, ssn, pin) VALUES (1, 'Ada', '078-secret-1', 778231), (2, 'Bob', '219-secret-2', 778232), (3, 'Cleo', NULL, 778233);
INSERT INTO guesses VALUES ('078-secret-1', 'Ada'), ('9', 'Bob');
INSERT INTO notes VALUES (1, 'one'), (2, 'two');
INSERT INTO orders VALUES (1, 1, 10.5, 'new'), (2, 2, 20, 'paid');
INSERT INTO counted DEFAULT VALUES;
INSERT INTO odd VALUES (1, 'x', 'y');
INSERT INTO "табл ица" VALUES ('да', 1);
INSERT INTO strict_table VALUES (1);
INSERT INTO open_search VALUES ('ada and bob');
INSERT INTO found (found) VALUES ('rebuild');
INSERT INTO mirror (mirror) VALUES ('rebuild');
INSERT INTO old VALUES ('secret 078', 'secret 219');
INSERT INTO places VALUES (1, 0, 1, '078-secret-1');
ANALYZE;
