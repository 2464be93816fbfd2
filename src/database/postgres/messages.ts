import type { EngineMessages } from '../dialect.ts';
import bySqlState from './messages.json' with { type: 'json' };

/** What PostgreSQL says of a statement, by SQLSTATE, from its sources. */
const templates: Readonly<Record<string, readonly string[]>> = bySqlState;

const hints: readonly string[] = [
  'No operator matches the given name and argument types. You might need to add explicit type casts.',
  'No operator matches the given name and argument type. You might need to add an explicit type cast.',
  'No function matches the given name and argument types. You might need to add explicit type casts.',
  'No aggregate function matches the given name and argument types. Perhaps you misplaced ORDER BY; ORDER BY must appear after all regular arguments of the aggregate.',
  'Perhaps you meant to reference the column "%s".',
  'Perhaps you meant to reference the column "%s" or the column "%s".',
  'Perhaps you meant to reference the table alias "%s".',
  'There is an entry for table "%s", but it cannot be referenced from this part of the query.',
  'Could not choose a best candidate operator. You might need to add explicit type casts.',
  'Could not choose a best candidate function. You might need to add explicit type casts.',
  'Perhaps you need a different "datestyle" setting.',
  'To reference that table, you must mark this subquery with LATERAL.',
];

/** Types that every server has, as its messages write them. */
const types =
  'bigint boolean bytea character varying date double precision integer interval json jsonb jsonpath money name numeric oid real record smallint text time timestamp with without zone timestamptz uuid xml unknown void bit inet cidr macaddr point line lseg box path polygon circle tsvector tsquery regclass regtype regproc anyarray anyelement anynonarray anyenum anyrange anycompatible anycompatiblearray "char" int4range int8range numrange tsrange tstzrange daterange refcursor variadic cstring setof timetz';

export const postgresMessages: EngineMessages = {
  codes: new Set(Object.keys(templates)),
  templates: [...new Set([...Object.values(templates).flat(), ...hints])],
  words: new Set(types.split(' ')),
};
