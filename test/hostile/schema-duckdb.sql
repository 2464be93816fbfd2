-- small schema for the hostile corpus (DuckDB >= 1.5); a statement ends at a semicolon at the end of a line
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE SEQUENCE order_ids START 1;
CREATE TABLE customers (
  id INTEGER PRIMARY KEY, name VARCHAR NOT NULL, email VARCHAR, "update" TIMESTAMP DEFAULT '2024-01-02 03:04:05', delete_flag BOOLEAN NOT NULL DEFAULT false,
  "drop" VARCHAR, created_at DATE NOT NULL DEFAULT '2024-01-01', balance DECIMAL(18, 4) NOT NULL DEFAULT 0, big HUGEINT, meta JSON, avatar BLOB,
  tags VARCHAR[], home STRUCT(city VARCHAR, zip VARCHAR), prices MAP(VARCHAR, DOUBLE), feeling mood, initial VARCHAR GENERATED ALWAYS AS (upper(name[1]))
);
CREATE TABLE orders (id INTEGER PRIMARY KEY DEFAULT nextval('order_ids'), customer_id INTEGER REFERENCES customers (id), total DOUBLE CHECK (total >= 0), status VARCHAR DEFAULT 'new', placed_at TIMESTAMP DEFAULT '2024-02-01');
CREATE TABLE employees (id INTEGER PRIMARY KEY, name VARCHAR, manager_id INTEGER);
CREATE TABLE "insert" ("select" INTEGER, "from" VARCHAR);
CREATE TABLE prices (moment TIMESTAMP, symbol VARCHAR, price DOUBLE);
CREATE TABLE wide (q1 INTEGER, q2 INTEGER, q3 INTEGER, q4 INTEGER, year INTEGER);
CREATE TABLE audit_log (moment TIMESTAMP, what VARCHAR);
CREATE INDEX orders_c ON orders (customer_id);
CREATE SCHEMA archive;
CREATE TABLE archive.orders (id INTEGER, total DOUBLE);
CREATE VIEW active_customers AS SELECT id, name, email FROM customers WHERE NOT delete_flag;
CREATE VIEW v_orders AS SELECT * FROM orders;
CREATE VIEW monthly (month, total) AS SELECT date_trunc('month', placed_at), sum(total) FROM orders GROUP BY 1;
CREATE VIEW leaks_setting AS SELECT current_setting('home_directory') AS home;
CREATE VIEW leaks_logs AS SELECT * FROM duckdb_logs();
CREATE MACRO with_tax(price) AS price * 1.19;
CREATE MACRO orders_of(who) AS TABLE SELECT * FROM orders WHERE customer_id = who;
CREATE MACRO with_default(price, rate := 0.19) AS price * (1 + rate);
CREATE MACRO setting_of(what) AS current_setting(what);
CREATE MACRO table_of(what) AS TABLE SELECT * FROM query_table(what);
INSERT INTO customers (id, name, email, delete_flag, "drop", balance, big, meta, avatar, tags, home, prices, feeling) VALUES
 (1, 'Ada', 'ada@example.com', false, 'x', 12.34, 9007199254740993, '{"tags":["a","b"],"update":true}', '\x00\xFF\x1B'::BLOB, ['a', 'b'], {'city': 'Bern', 'zip': '3000'}, MAP {'a': 1.5}, 'ok'),
 (2, 'Bob', 'bob@example.com', true, 'DROP TABLE customers; --', 99999999999999.9999, 1, '{}', NULL, [], NULL, NULL, 'sad'),
 (3, 'Zoë; DELETE', 'z@example.com', false, NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO orders (customer_id, total, status, placed_at) VALUES (1, 10.50, 'new', '2024-02-01'), (1, 20, 'paid', '2024-02-11 12:00'), (2, 5, 'paid', '2024-03-01'), (3, 7.25, 'delete', '2024-03-02');
INSERT INTO employees VALUES (1, 'Root', NULL), (2, 'Mid', 1), (3, 'Leaf', 2);
INSERT INTO "insert" VALUES (1, 'a'), (2, 'b');
INSERT INTO prices VALUES ('2024-01-01 10:00', 'X', 1.5), ('2024-01-01 11:00', 'X', 1.7);
INSERT INTO wide VALUES (1, 2, 3, 4, 2024), (5, 6, 7, 8, 2025);
INSERT INTO archive.orders VALUES (1, 1.5);
