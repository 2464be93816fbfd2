/** `npm run fuzz -- ENGINE [COUNT] [SEED]`: tries generated statements on a real engine, and prints what did harm. */
type Run = (count: number, seed: number) => Promise<object>;

const server = (variable: string): string => {
  const url = process.env[variable];
  if (!url) {
    throw new Error(`${variable} has to name a server that the fuzzer may do anything to`);
  }
  return url;
};

const engines: Readonly<Record<string, Run>> = {
  async sqlite(count, seed) {
    return (await import('./sqlite.ts')).fuzzSqlite(count, seed);
  },
  async duckdb(count, seed) {
    return (await import('./duckdb.ts')).fuzzDuckdb(count, seed);
  },
  async postgres(count, seed) {
    const { fuzz, generated } = await import('./postgres.ts');
    return fuzz(server('SQLQ_TEST_POSTGRES'), seed, generated(count, seed));
  },
  async mysql(count, seed) {
    return (await import('./mysql.ts')).fuzz(server('SQLQ_TEST_MARIADB'), count, seed);
  },
};

const [engine = '', count = '10000', seed = String(Date.now() % 1_000_000)] = process.argv.slice(2);
const run = engines[engine];
if (run === undefined) {
  process.stderr.write(`Which engine? One of: ${Object.keys(engines).join(', ')}\n`);
  process.exitCode = 2;
} else {
  const report = await run(Number(count), Number(seed));
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
}
