import { describe, expect, it } from 'vitest';
import { productOf } from '../../../src/database/postgres/product.ts';

const builder = 'x86_64-pc-linux-gnu, compiled by gcc (Debian 12.2.0-14) 12.2.0, 64-bit';

describe('what a server is', () => {
  it.each([
    [`PostgreSQL 16.4 on ${builder}`, [], 'PostgreSQL', true],
    [`PostgreSQL 18.4 (Debian 18.4-1) on ${builder}`, ['Citus'], 'Citus on PostgreSQL', true],
    [`PostgreSQL 16.4 on ${builder}`, ['TimescaleDB', 'Neon'], 'TimescaleDB and Neon on PostgreSQL', true],
    [
      'PostgreSQL 11.2-YB-2.21.0.0-b0 on x86_64-pc-linux-gnu, compiled by clang version 16.0.6, 64-bit',
      [],
      'YugabyteDB',
      false,
    ],
    ['CockroachDB CCL v23.2.3 (x86_64-pc-linux-gnu, built 2024/03/19, go1.21.5)', [], 'CockroachDB', false],
    ['PostgreSQL 12.3, compiled by Visual C++ build 1914, 64-bit, QuestDB', [], 'QuestDB', false],
    ['a server of nobody', [], 'PostgreSQL', false],
  ])('%s %j is %s', (version, marks, name, isKnown) => {
    expect(productOf(version, marks)).toEqual({ name, isKnown });
  });
});
