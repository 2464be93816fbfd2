/** What marks a server that is PostgreSQL with something on top, or made of it: SQL that is true there. */
const marks: readonly (readonly [name: string, sql: string])[] = [
  ['Citus', "pg_catalog.to_regproc('pg_catalog.citus_version') IS NOT NULL"],
  ['TimescaleDB', "pg_catalog.to_regnamespace('_timescaledb_catalog') IS NOT NULL"],
  ['Aurora', "pg_catalog.to_regproc('pg_catalog.aurora_version') IS NOT NULL"],
  ['Neon', "pg_catalog.current_setting('neon.timeline_id', true) IS NOT NULL"],
  ['AlloyDB', "pg_catalog.current_setting('alloydb.iam_authentication', true) IS NOT NULL"],
];

/** Servers that speak the protocol and are not PostgreSQL, or another's copy of it, by what `version()` says. */
const others: readonly (readonly [name: string, mark: RegExp])[] = [
  ['CockroachDB', /^CockroachDB\b/],
  ['YugabyteDB', /-YB-\d/],
  ['Redshift', /\bRedshift\b/],
  ['Greenplum', /\bGreenplum\b/],
  ['Materialize', /\bMaterialize\b/],
  ['QuestDB', /\bQuestDB\b/i],
  ['CrateDB', /\bCrateDB\b/i],
  ['PGlite', /\bemcc\b|\bwasm/i],
];

/** What PostgreSQL calls itself, on every platform and by every builder. */
const own = /^PostgreSQL \d[^,]*, compiled by [^,]+, (?:32|64)-bit$/;

/** An expression that gives the names of all marks that are there, as an array. */
export const marksInForce = `pg_catalog.array_remove(ARRAY[${marks
  .map(([name, sql]) => `CASE WHEN ${sql} THEN '${name}' END`)
  .join(', ')}]::pg_catalog.text[], NULL)`;

/** What answers at the other end. */
export interface Product {
  /** Such as `PostgreSQL`, `Citus on PostgreSQL` or `YugabyteDB`. */
  readonly name: string;
  /** It is PostgreSQL itself, which does what its settings say; of others that has to be tried. */
  readonly isKnown: boolean;
}

/** The product, by its `version()` and by the marks that it has. */
export function productOf(version: string, found: readonly string[]): Product {
  const other = others.find(([, mark]) => mark.test(version));
  if (other !== undefined) {
    return { name: other[0], isKnown: false };
  }
  const name = found.length === 0 ? 'PostgreSQL' : `${found.join(' and ')} on PostgreSQL`;
  return { name, isKnown: own.test(version) };
}
