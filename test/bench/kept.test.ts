import { appendFileSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type KeptOutcome, openKept } from '../../bench/answers/kept.ts';

const outcome = (id: string): KeptOutcome => ({
  peer: 'sqlq',
  id,
  set: 'spider',
  database: 'shop',
  question: 'how many?',
  result: 'right',
  sql: 'SELECT 1',
  golds: ['SELECT 1'],
  note: null,
  milliseconds: 1,
  doubts: [],
  assumptions: [],
  requests: 1,
  tokensIn: 2,
  tokensOut: 3,
});

it('outcomes are written as they come, and a run goes on after the last whole one', () => {
  const json = join(mkdtempSync(join(tmpdir(), 'sqlq-kept-')), 'out.jsonl');
  const first = openKept({ json, resume: false });
  first.add(outcome('a'));
  first.add(outcome('b'));
  appendFileSync(json, '{"peer": "sqlq", "id": "c", "se');
  const next = openKept({ json, resume: true });
  expect(next.outcomes.map(({ id }) => id)).toEqual(['a', 'b']);
  expect(['a', 'b', 'c'].map((id) => next.has('sqlq', { set: 'spider', id }))).toEqual([true, true, false]);
  expect(next.has('Vanna', { set: 'spider', id: 'a' })).toBe(false);
  next.add(outcome('c'));
  expect(openKept({ json, resume: true }).outcomes).toEqual(['a', 'b', 'c'].map(outcome));
  expect(openKept({ json, resume: false }).outcomes).toEqual([]);
  expect(readFileSync(json, 'utf8')).toBe('');
});
