-- What the cases of trino.jsonl run on: a schema of the memory connector, beside the catalog tpch.
CREATE TABLE customers (id BIGINT, name VARCHAR, email VARCHAR, born DATE, tags ARRAY(VARCHAR));
INSERT INTO customers VALUES (1, 'Ada', 'ada@example.com', DATE '1815-12-10', ARRAY['a', 'b']), (2, 'Zoë', NULL, NULL, NULL);
CREATE TABLE orders (id BIGINT, customer_id BIGINT, total DECIMAL(12, 2), placed TIMESTAMP(3), "drop" VARCHAR);
INSERT INTO orders VALUES (1, 1, DECIMAL '10.50', TIMESTAMP '2024-01-02 10:00:00.000', 'DROP TABLE orders; --'), (2, 1, DECIMAL '0.10', TIMESTAMP '2024-03-04 00:00:00.000', NULL);
CREATE VIEW big_orders AS SELECT id, customer_id, total FROM orders WHERE total > 5;
CREATE VIEW spies AS SELECT query_id, query FROM system.runtime.queries;
CREATE VIEW fails AS SELECT CAST(fail(name) AS BIGINT) AS failure FROM customers
