import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';

const root = new URL('../..', import.meta.url).pathname;

it.each([
  ['introspection', 'SQLQ_BENCH_WIDE has to name a folder'],
  ['link', 'SQLQ_BENCH_WIDE has to name a folder'],
  ['peers', '--cases has to name a file'],
  ['prompts', '--cases has to name a file'],
  ['answers', '--cases has to name a file'],
  ['doubts', 'needs --cases FILE.jsonl and --databases DIR'],
  ['defog', '--folder has to name a copy'],
])('bench:%s says in one line what it needs', async (name, need) => {
  const child = spawn(process.execPath, [`bench/${name}.ts`], {
    cwd: root,
    env: { ...process.env, SQLQ_BENCH_WIDE: '/nowhere' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  const [code, said, printed] = await Promise.all([ended, text(child.stderr), text(child.stdout)]);
  expect({ code, printed }).toEqual({ code: 2, printed: '' });
  expect(said).toContain(need);
  expect(said.trimEnd().split('\n')).toHaveLength(1);
});
