import type { Dialect } from '../../../schema/schema.ts';

/** Servers that speak the protocol and are neither MySQL nor MariaDB, by what they greet with, or `VERSION()` or `@@version_comment` says. */
const others: readonly (readonly [name: string, mark: RegExp])[] = [
  ['TiDB', /\btidb\b/i],
  ['Vitess', /\bvitess\b/i],
  ['Dolt', /\bdolt\b/i],
  ['OceanBase', /oceanbase/i],
  ['SingleStore', /singlestore|memsql/i],
  ['StarRocks', /starrocks/i],
  ['Doris', /\bdoris\b/i],
  ['ClickHouse', /clickhouse/i],
  ['Xpand', /xpand|clustrix/i],
  ['go-mysql-server', /go-mysql-server|gomysql/i],
];

/** How builds of MySQL call themselves. */
const builds =
  /^(?:MySQL (?:Community|Enterprise|Cluster|Server)|Percona |\((?:Debian|Ubuntu|Google|Raspbian)\)|Source distribution|Homebrew|Arch Linux)/i;

/** What answers at the other end. */
export interface Product {
  readonly dialect: Dialect;
  /** It is MySQL or MariaDB, which do what their settings say; of others that has to be tried. */
  readonly isKnown: boolean;
  /** It stands before other servers, which answer most of what it is asked, for their own connections too. */
  readonly isGate: boolean;
}

/** MariaDB calls itself `10.11.19-MariaDB-0+deb12u1`, MySQL `8.4.3` or `8.0.36-0ubuntu0`, TiDB `8.0.11-TiDB-v7.5.1`. */
export function productOf(greeting: string, version: string, comment: string): Product {
  const of = (product: string, isKnown: boolean, said = version, isGate = false): Product => ({
    dialect: { engine: 'mysql', product, version: shortOf(said) },
    isKnown,
    isGate,
  });
  const other = nameIn(version) ?? nameIn(comment);
  if (other !== null) {
    return of(other, false);
  }
  const gate = nameIn(greeting);
  if (gate !== null) {
    return of(gate, false, greeting, true);
  }
  if (/mariadb/i.test(version)) {
    return of('MariaDB', true);
  }
  return of('MySQL', /^\d+\.\d+\.\d+/.test(version) && builds.test(comment));
}

function nameIn(text: string): string | null {
  return others.find(([, mark]) => mark.test(text))?.[0] ?? null;
}

function shortOf(version: string): string {
  return /^(?:5\.5\.5-)?(\d+\.\d+\.\d+)/.exec(version)?.[1] ?? version;
}
