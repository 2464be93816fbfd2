import { expect, it } from 'vitest';
import { secretOf } from '../../../src/database/postgres/guard/secrets.ts';

it.each([
  ['pg_dist_authinfo', 'holds passwords of other servers'],
  ['pg_dist_poolinfo', 'holds how other servers are reached'],
  ['citus_stat_activity', 'shows what other sessions run'],
  ['citus_lock_waits', 'shows what other sessions run'],
  ['pg_dist_node', null],
])('%s of Citus: %s', (name, secret) => {
  expect(secretOf({ schema: 'pg_catalog', name }, false)).toBe(secret);
});
