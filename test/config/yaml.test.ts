import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseYaml, writeYaml, YamlError } from '../../src/config/files/yaml.ts';

const text = `# a comment
name: one
list:
  - 1
  - {a: "x", b: [true]}
copy: &same {deep: 2}
again: *same
`;

describe('a YAML document', () => {
  it.each([
    [[], 2, 1],
    [['name'], 2, 1],
    [['list'], 3, 1],
    [['list', 0], 4, 5],
    [['list', 1], 5, 5],
    [['list', 1, 'b'], 5, 14],
    [['list', 1, 'b', 0], 5, 18],
    [['copy', 'deep'], 6, 14],
    [['again'], 7, 1],
    // What is not there is where it should be.
    [['again', 'deep'], 7, 1],
    [['list', 7], 3, 1],
    [['nowhere'], 2, 1],
  ])('knows where %j stands', async (path, line, column) => {
    expect((await parseYaml(text)).placeOf(path)).toEqual({ line, column });
  });

  it('hands numbers over as they are written, where that is asked', async () => {
    const numbers = (digits: string): string => `<${digits}>`;
    const { value } = await parseYaml('[1, -0.50, 1e3, "1", 0x1F, .5, 2024-01-01, 1_000]', { numbers });
    expect(value).toEqual(['<1>', '<-0.50>', '<1e3>', '1', '<0x1F>', '<.5>', '2024-01-01', '1_000']);
  });

  it('is one, and whole', async () => {
    await expect(parseYaml('a: 1\n---\nb: 2')).rejects.toThrow('more than one document');
    await expect(parseYaml('? [a]\n: 1')).rejects.toBeInstanceOf(YamlError);
    await expect(parseYaml('a: [1')).rejects.toBeInstanceOf(YamlError);
    await expect(parseYaml('a: 1\nb: [\n}')).rejects.toMatchObject({ place: { line: 3 } });
    await expect(parseYaml('a: 1\na: 2')).rejects.toBeInstanceOf(YamlError);
    expect((await parseYaml('')).value).toBeNull();
  });

  it('holds what was written', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        const { value: read } = await parseYaml(await writeYaml(value));
        expect(JSON.stringify(read)).toBe(JSON.stringify(value));
      }),
    );
  });
});
