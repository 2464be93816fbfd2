import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createPlainPrompts } from '../../src/terminal/plain-prompt.ts';
import { type Option, optionOf } from '../../src/terminal/prompt.ts';

const menu: readonly Option<string>[] = [
  { label: 'Run it', value: 'run', key: 'y' },
  { label: 'Edit it first', value: 'edit', key: 'e' },
  { label: 'Ask for another', value: 'another', key: 'a' },
  { label: 'Cancel', value: 'cancel', leaves: true },
];

/** Prompts whose answers are typed a line at a time. */
function prompts(...lines: readonly string[]) {
  const stdin = new PassThrough();
  const stderr = new PassThrough();
  let shown = '';
  stderr.on('data', (text) => {
    shown += String(text);
  });
  for (const line of lines) {
    stdin.write(`${line}\n`);
  }
  const made = createPlainPrompts({ stdin, stdout: new PassThrough(), stderr }, new AbortController().signal);
  return { ...made, stdin, shown: () => shown };
}

describe('a menu in plain lines', () => {
  it.each([
    ['', 'run'],
    ['y', 'run'],
    ['Yes', 'run'],
    ['e', 'edit'],
    ['a', 'another'],
    ['n', 'cancel'],
    ['q', 'cancel'],
    ['2', 'edit'],
  ])('takes %j for %s', async (typed, value) => {
    const asked = prompts(typed);
    expect(await asked.select('Run this query?', menu)).toBe(value);
    expect(asked.shown()).toBe('Run it? [Y/n/e/?] ');
  });

  it('explains itself where it does not understand, and asks again', async () => {
    const asked = prompts('?', 'what', 'e');
    expect(await asked.select('Run this query?', menu)).toBe('edit');
    expect(asked.shown().match(/a {2}Ask for another/gu)).toHaveLength(2);
  });

  it('without letters takes a number alone', async () => {
    const asked = prompts('', '9', '2');
    const options = [
      { label: 'gross', value: 1 },
      { label: 'net', value: 2 },
    ];
    expect(await asked.select('Which?', options)).toBe(2);
    expect(asked.shown()).toContain('Which?\n1. gross\n2. net\n[1-2] ');
  });

  it('ends the run where nothing more can be typed', async () => {
    const asked = prompts();
    asked.stdin.end();
    await sleep(10);
    await expect(asked.select('Run this query?', menu)).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('a question of yes or no', () => {
  it.each([
    ['y', true],
    ['YES', true],
    ['', false],
    ['n', false],
    ['q', false],
  ])('takes %j for %s', async (typed, value) => {
    expect(await prompts(typed).confirm('Keep it?')).toBe(value);
  });

  it('asks again where the answer is neither', async () => {
    const asked = prompts('perhaps', 'y');
    expect(await asked.confirm('Keep it?')).toBe(true);
    expect(asked.shown()).toBe('Keep it? [y/N] Keep it? [y/N] ');
  });
});

describe('a key', () => {
  it.each([
    ['y', 'run'],
    ['E', 'edit'],
    ['escape', 'cancel'],
    ['q', 'cancel'],
    ['n', 'cancel'],
    ['x', undefined],
  ])('%s chooses %s', (key, value) => {
    expect(optionOf(menu, key)?.value).toBe(value);
  });

  it('leaves nothing where no answer does', () => {
    expect(optionOf([{ label: 'one', value: 1 }], 'q')).toBeNull();
  });
});
