import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createProgress } from '../../src/terminal/progress.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

function plain(shown = true) {
  const stream = new PassThrough();
  let written = '';
  stream.on('data', (text) => {
    written += String(text);
  });
  const progress = createProgress(stream, { shown, plain: true, color: false, unicode: false });
  return { progress, written: () => written };
}

describe('a step on a terminal that moves no cursor', () => {
  it('is told once it lasts, with its seconds', () => {
    const { progress, written } = plain();
    progress.step('Reading the schema');
    vi.advanceTimersByTime(1900);
    expect(written()).toBe('');
    vi.advanceTimersByTime(200);
    expect(written()).toBe('Reading the schema (2 s)\n');
    vi.advanceTimersByTime(60_000);
    expect(written()).toBe('Reading the schema (2 s)\n');
  });

  it('begins anew with another step, and not with how far the same one is', () => {
    const { progress, written } = plain();
    progress.step('Waiting for gpt: 1 token');
    vi.advanceTimersByTime(1500);
    progress.step('Waiting for gpt: 2 tokens');
    vi.advanceTimersByTime(600);
    expect(written()).toBe('Waiting for gpt: 2 tokens (2 s)\n');
    progress.step('Checking the SQL');
    vi.advanceTimersByTime(1500);
    progress.stop();
    vi.advanceTimersByTime(5000);
    expect(written()).toBe('Waiting for gpt: 2 tokens (2 s)\n');
  });

  it('shows nothing that a terminal would obey, whatever a model is called', () => {
    const { progress, written } = plain();
    progress.step('Waiting for \u001b[31mred\u0007');
    vi.advanceTimersByTime(2100);
    expect(written()).toBe('Waiting for \\e[31mred\\u{0007} (2 s)\n');
  });

  it('is silent where nobody looks', () => {
    const { progress, written } = plain(false);
    progress.step('Reading');
    vi.advanceTimersByTime(9000);
    expect(written()).toBe('');
  });
});
