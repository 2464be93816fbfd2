import SQLite from 'better-sqlite3';

/** Writes the database of the benches: sixty customers, and so many orders. */
export function writeShop(path: string, orders: number): void {
  const file = new SQLite(path);
  file.exec(`
    CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT, country TEXT);
    CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customers (id), total REAL, note TEXT);
    WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 60)
      INSERT INTO customers SELECT n, 'customer ' || n, CASE WHEN n % 2 = 0 THEN 'UK' ELSE 'France' END FROM n;
    WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ${orders})
      INSERT INTO orders SELECT n, n % 60 + 1, n % 9000 / 100.0, 'a note, number ' || n FROM n`);
  file.close();
}
