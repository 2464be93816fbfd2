import { describe, expect, it } from 'vitest';
import { differenceOf } from '../../src/ask/show/difference.ts';

const before = 'SELECT\n  name\nFROM\n  customers\nWHERE\n  country = 1';

describe('the difference of two queries', () => {
  it('shows what stays, goes and comes', () => {
    const lines =
      differenceOf(before, 'SELECT\n  name\nFROM\n  customers\nWHERE\n  country = 1\n  AND city = 2') ?? [];
    expect(lines.filter(({ kind }) => kind === 'added')).toEqual([{ kind: 'added', text: '  AND city = 2' }]);
    expect(lines.filter(({ kind }) => kind === 'removed')).toEqual([]);
    expect(lines).toHaveLength(7);
  });

  it('is not told where two queries have nothing but their clauses in common', () => {
    expect(differenceOf(before, 'SELECT\n  id\nFROM\n  orders\nWHERE\n  status = 9')).toBeNull();
  });
});
