import { describe, expect, it } from 'vitest';
import { createRenderer } from '../../src/render/format.ts';
import type { ResultColumn, Row } from '../../src/result.ts';

const columns: readonly ResultColumn[] = [
  { name: 'id', kind: 'number', type: 'bigint' },
  { name: 'price', kind: 'number', type: 'numeric' },
  { name: 'id', kind: 'real', type: 'double' },
  { name: '"odd"\u202e', kind: 'json', type: 'json' },
  { name: 'ok', kind: 'boolean', type: 'bool' },
];

async function written(batches: readonly (readonly Row[])[]): Promise<string> {
  const renderer = await createRenderer({
    format: 'json',
    csvSafe: false,
    width: null,
    color: false,
    asLists: true,
  });
  let text = String(await renderer.begin(columns));
  for (const batch of batches) {
    text += String(await renderer.rows(batch));
  }
  return text + String(await renderer.end(false));
}

describe('rows as lists', () => {
  it('stand a row a line, and numbers that JavaScript would round are strings', async () => {
    const text = await written([
      [
        [1n, '12.50', 1, '{"a":1.50}', true],
        [9007199254740993n, '1e400', Number.NaN, null, null],
      ],
      [[-9007199254740993n, 'NaN', -0, '[1,\n2]', false]],
    ]);
    expect(text.split('\n').slice(1)).toEqual([
      '[1,"12.50",1.0,{"a":1.50},true],',
      '["9007199254740993","1e400","NaN",null,null],',
      '["-9007199254740993","NaN",-0.0,[1, 2],false]',
      ']',
    ]);
    expect(JSON.parse(`${text},"truncated":false}`)).toMatchObject({
      columns: columns.map(({ name, type }) => ({ name, type })),
      truncated: false,
    });
  });

  it('are an empty list where there are none', async () => {
    expect(JSON.parse(`${await written([])}}`)).toMatchObject({ rows: [] });
  });
});
