import { describe, expect, it } from 'vitest';
import { addUsage, createReport } from '../../src/ask/report.ts';

describe('a report', () => {
  it('keeps how long each step took, those that fail too, and tells of each as it ends', async () => {
    const times = [0, 1.23456, 10, 12];
    const heard: string[] = [];
    const report = createReport(
      ({ name }) => heard.push(name),
      () => times.shift() ?? 0,
    );
    expect(await report.time('model', async () => 'reply')).toBe('reply');
    const failure = new Error('no');
    await expect(report.time('run', () => Promise.reject(failure))).rejects.toBe(failure);
    expect(report.data.steps).toEqual([
      { name: 'model', milliseconds: 1.235 },
      { name: 'run', milliseconds: 2 },
    ]);
    expect(heard).toEqual(['model', 'run']);
  });

  it('adds tokens up, and takes none for unknown rather than for zero', () => {
    const usage = { promptTokens: 10, completionTokens: 2, cachedTokens: null, reasoningTokens: 1 };
    expect(addUsage(null, usage)).toBe(usage);
    expect(addUsage(usage, null)).toBe(usage);
    expect(addUsage(null, null)).toBeNull();
    expect(addUsage(usage, { ...usage, reasoningTokens: null })).toEqual({
      promptTokens: 20,
      completionTokens: 4,
      cachedTokens: null,
      reasoningTokens: 1,
    });
  });
});
