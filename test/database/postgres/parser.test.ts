import { describe, expect, it } from 'vitest';
import { loadParser } from '../../../src/database/postgres/guard/parser.ts';

const honest = 'SELECT a, (SELECT max(b) FROM t WHERE c = 1) FROM x JOIN y USING (id) WHERE z IN (1, 2, 3)';
const deep = `SELECT ${'1+'.repeat(90_000)}1`;

describe('the parser of PostgreSQL', () => {
  it('reads the same after it ran out of stack, and nothing after it did so often', async () => {
    const { parse } = await loadParser();
    const before = parse(honest);
    expect(before).toMatchObject({ tag: 'SelectStmt' });
    for (let time = 1; time <= 5; time++) {
      expect(parse(honest)).toEqual(before);
      expect(parse(deep)).toEqual({ problem: 'it is nested too deep' });
    }
    expect(parse(honest)).toEqual({ problem: expect.stringContaining('too often') });
  });
});
