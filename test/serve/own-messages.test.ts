import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createRedactor } from '../../src/config/redact.ts';

/** The texts that the service refuses requests with, as they stand in its sources. */
function refusals(): readonly string[] {
  const files = readdirSync('src/serve', { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  return files.flatMap((name) => {
    const source = readFileSync(join('src/serve', name), 'utf8');
    return [...source.matchAll(/new (?:Http|Sqlq)Error\(\s*'[\w-]+',\s*'((?:\\.|[^'\\])+)'/gu)].map(
      ([, text = '']) => text,
    );
  });
}

it('no refusal of the service looks as if a secret stood in it, which would be taken out', () => {
  const redact = createRedactor([]);
  const all = refusals();
  expect(all.length).toBeGreaterThan(25);
  expect(all.filter((text) => redact(text) !== text)).toEqual([]);
});
