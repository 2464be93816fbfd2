import { describe, expect, it } from 'vitest';
import { formatSql, highlightSql } from '../../src/ask/show/format-sql.ts';

describe('formatSql', () => {
  it('lays SQL out and changes nothing but white space', async () => {
    const sql = `select a, count(*) from t where b = 'x  y' group by a order by 2 desc limit 5`;
    const text = await formatSql(sql, 'postgres');
    expect(text.split('\n').length).toBeGreaterThan(4);
    expect(text).toContain(`'x  y'`);
    expect(text.replace(/\s+/gu, '')).toBe(sql.replace(/\s+/gu, ''));
  });

  it.each(['sqlite', 'postgres', 'mysql'] as const)(
    'gives back what it can not read as it is, on %s',
    async (engine) => {
      expect(await formatSql(`SELECT 'open`, engine)).toBe(`SELECT 'open`);
      expect(await formatSql('  SELECT 1 -- done  ', engine)).toContain('SELECT');
    },
  );

  it('keeps the operators of each engine', async () => {
    expect((await formatSql(`SELECT meta->>'a' FROM t`, 'postgres')).replace(/\s/gu, '')).toBe(
      `SELECTmeta->>'a'FROMt`,
    );
    expect(await formatSql('SELECT `a b` FROM t', 'mysql')).toContain('`a b`');
  });

  it('colours without changing the text', () => {
    const coloured = highlightSql(`SELECT 'x' FROM t`);
    expect(coloured).toContain('\u001b[');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control sequences
    expect(coloured.replace(/\u001b\[[0-9;]*m/gu, '')).toBe(`SELECT 'x' FROM t`);
  });
});
