import type { ConnectionFacts } from '../../database.ts';
import type { Session } from '../session.ts';

/** Privileges on everything, and what they allow that only the guard stands against. */
const powers: readonly (readonly [privilege: RegExp, warning: string])[] = [
  [/^FILE$/, 'The role may read and write files of the server (FILE).'],
  [/^PROCESS$/, "The role may see other sessions' statements (PROCESS)."],
  [
    /^(SUPER|SYSTEM_USER|CONNECTION_ADMIN|CONNECTION ADMIN)$/,
    'The role may end other sessions and change settings.',
  ],
  [/^(CREATE USER|GRANT OPTION|ROLE_ADMIN)$/, 'The role may create accounts or grant rights.'],
  [/^(SHUTDOWN|RELOAD)$/, 'The role may stop the server or flush its logs.'],
  [/^(INSERT|UPDATE|DELETE|DROP|ALTER|CREATE)$/, 'The role may change rows or tables of every database.'],
];

export async function facts(session: Session): Promise<ConnectionFacts> {
  const grants = (await session.rows('SHOW GRANTS')).map(([grant]) => grant ?? '');
  const global = grants.flatMap(globalPrivileges);
  const isAll = global.includes('ALL PRIVILEGES');
  const superuser = isAll || global.includes('SUPER') || global.includes('SYSTEM_USER');
  const warnings = isAll
    ? [
        'The role may do everything: it reads and writes files, changes every database and ends other sessions.',
      ]
    : [
        ...new Set(
          powers.filter(([power]) => global.some((each) => power.test(each))).map(([, text]) => text),
        ),
      ];
  const [tls] = await session.rows("SHOW SESSION STATUS LIKE 'Ssl_version'");
  return {
    dialect: session.dialect,
    database: session.database,
    role: session.role,
    superuser,
    warnings,
    encryption: session.isLocal ? null : tls?.[1] || 'none',
    leastPrivilege: leastPrivilege(session),
  };
}

/** The privileges of a line `GRANT a, b ON *.* TO …`; none for other lines. The line can hold a password's hash. */
function globalPrivileges(grant: string): readonly string[] {
  const list = /^GRANT (.+?) ON \*\.\* TO/.exec(grant)?.[1];
  if (list === undefined) {
    return [];
  }
  const also = grant.includes('WITH GRANT OPTION') ? ['GRANT OPTION'] : [];
  return [...list.split(',').map((name) => name.trim().toUpperCase()), ...also];
}

function leastPrivilege({ database }: Session): string {
  const name = `\`${database.replaceAll('`', '``')}\``;
  // _ and % are wildcards where a database is granted.
  const pattern = `\`${database.replaceAll('`', '``').replace(/[_%]/g, '\\$&')}\``;
  return [
    "CREATE USER 'sqlq_reader'@'%' IDENTIFIED BY '…' REQUIRE SSL;",
    `GRANT SELECT, SHOW VIEW ON ${pattern}.* TO 'sqlq_reader'@'%';`,
    `-- Stored functions that it may call: GRANT EXECUTE ON FUNCTION ${name}.… TO 'sqlq_reader'@'%';`,
  ].join('\n');
}
