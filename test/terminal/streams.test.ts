import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { readLine } from '../../src/terminal/read-line.ts';
import { windowSize, withUsableWindow } from '../../src/terminal/streams.ts';

describe('a window', () => {
  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, undefined, null, '100', 0.5])(
    'of %s is the usual one',
    (size) => {
      expect(windowSize('columns', size)).toBe(80);
      expect(windowSize('rows', size)).toBe(24);
    },
  );

  it('of a terminal stays usable when it is resized to nothing, and follows what it is resized to', () => {
    const stream = withUsableWindow(Object.assign(new PassThrough(), { isTTY: true, columns: 120, rows: 0 }));
    expect([stream.columns, stream.rows]).toEqual([120, 24]);
    expect(stream).toHaveProperty('hasWindow', false);
    stream.columns = 0;
    stream.rows = 50;
    expect([stream.columns, stream.rows]).toEqual([80, 50]);
    expect(stream).toHaveProperty('hasWindow', false);
    stream.columns = 90;
    expect(stream).toHaveProperty('hasWindow', true);
  });

  it('of what is no terminal is left alone', () => {
    expect(withUsableWindow(Object.assign(new PassThrough(), { isTTY: false, columns: 0 })).columns).toBe(0);
  });
});

describe('a line that is read', () => {
  const never = new AbortController().signal;

  it('ends at its line break, and leaves what follows to the next', async () => {
    const input = new PassThrough();
    input.write('one\r\ntwo\nthr');
    expect(await readLine(input, never)).toBe('one');
    expect(await readLine(input, never)).toBe('two');
    const third = readLine(input, never);
    input.write('ee');
    input.end();
    expect(await third).toBe('three');
    expect(await readLine(Object.assign(new PassThrough()).end(), never)).toBeNull();
  });

  it('is given up with the reason of the signal', async () => {
    const stop = new AbortController();
    const line = readLine(new PassThrough(), stop.signal);
    stop.abort(new Error('stopped'));
    await expect(line).rejects.toThrow('stopped');
    await expect(readLine(new PassThrough(), stop.signal)).rejects.toThrow('stopped');
  });
});
