import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { createLoader } from '../../src/code-cache/loader.ts';
import { openCodeStore } from '../../src/code-cache/store.ts';

let folder: string;
let kept: string;

/** A bundle of two files; `later` is large enough to be seen in what is kept. */
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sqlq-loader-'));
  kept = join(folder, 'kept');
  mkdirSync(kept);
  writeBundle('one', 'word');
});

function writeBundle(build: string, word: string): void {
  const lines = Array.from({ length: 200 }, (_, index) => `sum += text.indexOf('x${index}') * ${index};`);
  writeFileSync(join(folder, 'build'), build);
  writeFileSync(join(folder, 'part.cjs'), `exports.word = '${word}';`);
  writeFileSync(
    join(folder, 'main.cjs'),
    `exports.word = () => require('./part.cjs').word;
     exports.later = (text) => { let sum = 0; ${lines.join('\n')} return sum; };`,
  );
}

interface Bundle {
  word(): string;
  later(text: string): number;
}

/** One run of the bundle, which keeps what it has compiled. */
function run(work: (bundle: Bundle) => unknown, kind = 'ask'): unknown {
  const loader = createLoader(folder, kind, kept);
  const done = work(loader.load('main.cjs') as Bundle);
  loader.keep();
  return done;
}

const stores = (): readonly string[] => readdirSync(kept).sort();
const sizeOf = (name: string): number => statSync(join(kept, name)).size;

it('keeps the functions that a run has called, for runs of the same kind and build', () => {
  run(({ word }) => word());
  const before = sizeOf('code-one-ask');
  run(({ later }) => later('x1'));
  expect(sizeOf('code-one-ask')).toBeGreaterThan(before + 1000);
  run(({ word }) => word(), 'version');
  expect(stores()).toEqual(['code-one-ask', 'code-one-version']);
});

it('is written by three runs, and by one that loads a file that the others did not', () => {
  const isWrittenBy = (work: (bundle: Bundle) => unknown): boolean => {
    const before = statSync(join(kept, 'code-one-ask'), { throwIfNoEntry: false })?.ino;
    run(work);
    return statSync(join(kept, 'code-one-ask')).ino !== before;
  };
  const inTurns = [1, 2, 3, 4, 5].map(() => isWrittenBy(({ later }) => later('')));
  expect(inTurns).toEqual([true, true, true, false, false]);
  expect([1, 2, 3, 4].map(() => isWrittenBy(({ word }) => word()))).toEqual([true, true, true, false]);
  // What a run did not load stays.
  expect(isWrittenBy(({ later }) => later(''))).toBe(false);
  expect(statSync(join(kept, 'code-one-ask')).mode & 0o777).toBe(0o600);
});

it('never runs what was compiled of another build, of the same names and lengths', () => {
  expect(run(({ word }) => word())).toBe('word');
  writeBundle('two', 'work');
  expect(run(({ word }) => word())).toBe('work');
  expect(stores()).toEqual(['code-one-ask', 'code-two-ask']);
});

it('runs without what is damaged, and replaces it', () => {
  run(({ later }) => later(''));
  const whole = readFileSync(join(kept, 'code-one-ask'));
  const damaged: readonly Buffer[] = [
    Buffer.alloc(0),
    Buffer.alloc(whole.length),
    Buffer.alloc(whole.length, 0xff),
    whole.subarray(0, 3),
    whole.subarray(0, 30),
    whole.subarray(0, whole.length - 200),
  ];
  for (const bytes of damaged) {
    writeFileSync(join(kept, 'code-one-ask'), bytes);
    expect(run(({ word, later }) => `${word()} ${later('x1')}`)).toMatch(/^word -?\d+$/u);
    expect(sizeOf('code-one-ask')).toBeGreaterThan(1000);
  }
});

it('runs where nothing can be kept', () => {
  kept = join(folder, 'part.cjs');
  expect(run(({ word }) => word())).toBe('word');
  kept = join(folder, 'missing');
  expect(run(({ word }) => word())).toBe('word');
});

it('removes what no run has added to for a month, and nothing that is not its own', () => {
  const old = new Date(Date.now() - 40 * 24 * 3600 * 1000);
  for (const name of ['code-zero-ask', 'code-zero-run', 'other']) {
    writeFileSync(join(kept, name), '');
    if (name !== 'code-zero-run') {
      utimesSync(join(kept, name), old, old);
    }
  }
  run(({ word }) => word());
  expect(stores()).toEqual(['code-one-ask', 'code-zero-run', 'other']);
});

it('gives V8 nothing of a store of which a disk has lost a byte', () => {
  run(({ later, word }) => `${later('x1')} ${word()}`);
  const path = join(kept, 'code-one-ask');
  const whole = readFileSync(path);
  const given = (): readonly boolean[] => {
    const store = openCodeStore(kept, 'one-ask');
    return ['main.cjs', 'part.cjs'].map((name) => store.code(name) !== null);
  };
  expect(given()).toEqual([true, true]);
  const lost = (at: number): readonly boolean[] => {
    writeFileSync(
      path,
      whole.map((byte, index) => (index === at ? byte ^ 1 : byte)),
    );
    return given();
  };
  expect(lost(12)).toEqual([false, false]);
  // The code of one file is there; that of the other is not run.
  expect(
    [lost(Math.round(whole.length / 2)), lost(whole.length - 50)].map((each) => each.filter(Boolean).length),
  ).toEqual([1, 1]);
});
