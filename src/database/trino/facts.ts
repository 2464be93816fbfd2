import type { ConnectionFacts } from '../database.ts';
import { databaseName } from './introspect.ts';
import type { Session } from './session.ts';

/** Who is connected to what. Which rights an account has is a matter of plugins, and no statement tells it. */
export function facts(session: Session): ConnectionFacts {
  const { dialect, role, http, home, timeLimitMs, unheld } = session;
  return {
    dialect,
    database: databaseName(session),
    role,
    superuser: false,
    warnings: [],
    notes: [
      ...(unheld === null
        ? [
            'Every statement runs in a transaction that Trino itself holds to reading; whether the account could write outside of one, its access control says.',
          ]
        : []),
      ...(timeLimitMs === null
        ? ['The account may not set a time limit at the server: sqlq ends a statement there itself.']
        : []),
    ],
    encryption: http.encryption(),
    leastPrivilege: [
      "-- Rights are those of the server's access control. With file-based rules, etc/rules.json:",
      `-- {"catalogs": [{"user": "sqlq_reader", "catalog": "${home.catalog ?? '.*'}", "allow": "read-only"},`,
      '--   {"user": "sqlq_reader", "catalog": "system", "allow": "read-only"}]}',
      ...(home.catalog === null || home.schema === null
        ? []
        : [`-- With rights in SQL: GRANT SELECT ON ${home.catalog}.${home.schema}.… TO USER sqlq_reader;`]),
    ].join('\n'),
  };
}
