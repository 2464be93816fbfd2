import { quoteIdentifier } from '../../schema/identifier.ts';
import type { Dialect } from '../../schema/schema.ts';
import type { ConnectionFacts } from '../database.ts';
import { dialect as postgres } from './dialect.ts';
import type { Session } from './session.ts';
import { inCatalog } from './transaction/catalog.ts';

interface FactsRow {
  role: string;
  superuser: boolean;
  bypassRowSecurity: boolean;
  createRole: boolean;
  memberOf: string[];
  readsPasswords: boolean;
  schemas: string[];
  encryption: string | null;
}

/** Roles of the server whose powers reach past tables, and what they are. */
const powers: Readonly<Record<string, string>> = {
  pg_read_server_files: 'may read files of the server',
  pg_write_server_files: 'may write files of the server',
  pg_execute_server_program: 'may run programs on the server',
  pg_signal_backend: 'may end sessions of others',
  pg_write_all_data: 'may change every table',
};

/** Who is connected to what, and what the guard alone stands against. */
export function facts(session: Session, dialect: Dialect, database: string): Promise<ConnectionFacts> {
  return inCatalog(session, async () => {
    const { rows } = await session.client.query<FactsRow>({
      text: `SELECT r.rolname AS role, r.rolsuper AS superuser, r.rolbypassrls AS "bypassRowSecurity",
                r.rolcreaterole AS "createRole",
                coalesce((SELECT json_agg(g.rolname) FROM pg_roles g
                   WHERE g.rolname = ANY ($1::text[]) AND pg_has_role(g.oid, 'MEMBER')), '[]') AS "memberOf",
                has_table_privilege('pg_authid', 'SELECT') AS "readsPasswords",
                coalesce((SELECT json_agg(nspname ORDER BY nspname) FROM pg_namespace
                   WHERE nspname <> 'information_schema' AND nspname NOT LIKE 'pg\\_%'
                     AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_namespace'::regclass
                       AND d.objid = pg_namespace.oid AND d.deptype = 'e')), '[]') AS schemas,
                (SELECT s.version FROM pg_stat_ssl s WHERE s.pid = pg_backend_pid() AND s.ssl) AS encryption
           FROM pg_roles r WHERE r.rolname = current_user`,
      values: [Object.keys(powers)],
    });
    const [row] = rows;
    if (row === undefined) {
      throw new Error('the server does not know the role');
    }
    return {
      dialect,
      database,
      role: row.role,
      superuser: row.superuser,
      warnings: warningsOf(row),
      notes: notesOf(session),
      encryption: row.encryption ?? 'none',
      leastPrivilege: leastPrivilege(database, row.schemas),
    };
  });
}

function warningsOf(row: FactsRow): readonly string[] {
  if (row.superuser) {
    return [
      `Role ${row.role} is a superuser: it may read and write files of the server and run programs there.`,
    ];
  }
  return [
    ...row.memberOf.map((name) => `Role ${row.role} ${powers[name]} (it is a member of ${name}).`),
    ...(row.bypassRowSecurity
      ? [`Role ${row.role} sees rows that row-level security hides (BYPASSRLS).`]
      : []),
    ...(row.createRole ? [`Role ${row.role} may make and change roles (CREATEROLE).`] : []),
    ...(row.readsPasswords ? [`Role ${row.role} may read password hashes (pg_authid).`] : []),
  ];
}

function notesOf({ pooled, limits }: Session): readonly string[] {
  return [
    ...(pooled
      ? [
          'A pooler stands between: each transaction is set up anew, and whether a cancelled query has ended at the server is not known.',
        ]
      : []),
    ...limits
      .filter(({ isServers }) => isServers)
      .map(
        ({ name, milliseconds }) =>
          `An administrator has set ${name} to ${milliseconds / 1000} s, which holds whatever --timeout says.`,
      ),
  ];
}

function leastPrivilege(database: string, schemas: readonly string[]): string {
  const quote = (name: string) => quoteIdentifier(postgres, name);
  return [
    "CREATE ROLE sqlq_reader LOGIN PASSWORD 'choose a password' CONNECTION LIMIT 5;",
    'ALTER ROLE sqlq_reader SET default_transaction_read_only = on;',
    "ALTER ROLE sqlq_reader SET statement_timeout = '60s';",
    `GRANT CONNECT ON DATABASE ${quote(database)} TO sqlq_reader;`,
    ...schemas.flatMap((schema) => [
      `GRANT USAGE ON SCHEMA ${quote(schema)} TO sqlq_reader;`,
      `GRANT SELECT ON ALL TABLES IN SCHEMA ${quote(schema)} TO sqlq_reader;`,
      `ALTER DEFAULT PRIVILEGES IN SCHEMA ${quote(schema)} GRANT SELECT ON TABLES TO sqlq_reader;`,
    ]),
  ].join('\n');
}
