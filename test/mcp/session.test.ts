import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { readmeSession, recordSession } from '../../fixtures/agent-session.ts';

const readme = readFileSync(resolve(import.meta.dirname, '../../README.md'), 'utf8');

it("is the README's session of an agent, a million rows in a file at its end", async () => {
  expect(readmeSession.exec(readme)?.[0]).toBe(await recordSession());
}, 60_000);
