import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { textIn } from '../../fixtures/picture/draw.ts';
import { commentOf } from '../../fixtures/picture/gif.ts';
import { chart, doubted, play, textOf } from '../../fixtures/picture/session.ts';

const docs = join(import.meta.dirname, '../../docs');

it("the README's still picture is of the program as it is", { timeout: 120_000 }, async () => {
  const screens = await play(chart);
  expect(textIn(readFileSync(join(docs, 'terminal.svg'), 'utf8'))).toBe(textOf(screens.at(-1) ?? []));
});

it('and so is the moving one, which is quick to load', { timeout: 120_000 }, async () => {
  const gif = readFileSync(join(docs, 'terminal.gif'));
  const [asking = [], answered = []] = await play(doubted);
  expect(textOf(asking)).toMatch(/SELECT[\s\S]*Doubt: [\s\S]*Run this query\?/u);
  expect(textOf(answered)).toMatch(/Doubt: [\s\S]*2 rows/u);
  expect(commentOf(gif)).toBe(textOf(answered));
  expect(gif.length).toBeLessThan(600_000);
});
