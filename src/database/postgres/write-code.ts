import type { Client } from 'pg';

/** What the tables of a change bring along: their owners wrote it, and no guard has followed it. */
export interface TableCode {
  /** Triggers, and functions in defaults and checks, in words. */
  readonly code: readonly string[];
  /** New rows take numbers of sequences. */
  readonly takesNumbers: boolean;
}

/** Runs with the role's search path, as the change does: every name is qualified. */
const codeQuery = `
WITH changed(id) AS (SELECT id::pg_catalog.oid FROM pg_catalog.unnest($1::pg_catalog.int8[]) AS id),
     trees(id, tree) AS (
       SELECT d.adrelid, d.adbin::pg_catalog.text FROM pg_catalog.pg_attrdef d, changed WHERE d.adrelid OPERATOR(pg_catalog.=) changed.id
       UNION ALL
       SELECT k.conrelid, k.conbin::pg_catalog.text FROM pg_catalog.pg_constraint k, changed
        WHERE k.conrelid OPERATOR(pg_catalog.=) changed.id AND k.conbin IS NOT NULL),
     called(id, function) AS (
       SELECT trees.id, match[1]::pg_catalog.oid
         FROM trees CROSS JOIN LATERAL pg_catalog.regexp_matches(trees.tree, ':(?:funcid|opfuncid) ([0-9]+)', 'g') AS match)
SELECT coalesce((SELECT pg_catalog.json_agg(line ORDER BY line)
         FROM (SELECT pg_catalog.format('the trigger %s on %s', t.tgname, t.tgrelid::pg_catalog.regclass) AS line
                 FROM pg_catalog.pg_trigger t JOIN changed ON t.tgrelid OPERATOR(pg_catalog.=) changed.id
                WHERE NOT t.tgisinternal AND t.tgenabled OPERATOR(pg_catalog.<>) 'D'
                UNION
               SELECT pg_catalog.format('%s(), in a default or a check of %s', p.proname, called.id::pg_catalog.regclass)
                 FROM called JOIN pg_catalog.pg_proc p ON p.oid OPERATOR(pg_catalog.=) called.function
                WHERE p.oid OPERATOR(pg_catalog.>=) 16384::pg_catalog.oid) AS lines), '[]') AS code,
       (EXISTS (SELECT FROM called JOIN pg_catalog.pg_proc p ON p.oid OPERATOR(pg_catalog.=) called.function
                 WHERE p.proname OPERATOR(pg_catalog.=) 'nextval')
        OR EXISTS (SELECT FROM pg_catalog.pg_attribute a JOIN changed ON a.attrelid OPERATOR(pg_catalog.=) changed.id
                    WHERE a.attidentity OPERATOR(pg_catalog.<>) '')) AS "takesNumbers"`;

/** What may have run with a change of these tables, by their ids. */
export async function codeOf(client: Client, tables: readonly string[]): Promise<TableCode> {
  const { rows } = await client.query<TableCode>(codeQuery, [tables]);
  return rows[0] ?? { code: [], takesNumbers: false };
}

/** What the user has to know of it before a yes. */
export function notesOnCode({ code }: TableCode): readonly string[] {
  return code.length === 0
    ? []
    : [`Code of these tables may have run with it, which nobody has checked: ${code.join('; ')}.`];
}

/** What a rollback leaves, in whole sentences. */
export function lastingOf({ code, takesNumbers }: TableCode, sql: string): readonly string[] {
  return [
    ...(takesNumbers || /nextval/i.test(sql)
      ? ['No row has changed; numbers that a sequence gave out are not given again.']
      : []),
    ...(code.length === 0
      ? []
      : [`What this did outside of the tables of this database is not taken back: ${code.join('; ')}.`]),
  ];
}
