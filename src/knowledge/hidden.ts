/** Whether a text says something of a hidden column. */
export type SaysHidden = (text: string) => boolean;

/**
 * Reads patterns of hidden columns for texts that people wrote: one that names such a column is not told, for what it says of it
 * may be a value. A name counts however its words are put together, `birth_date` as "birth date"; of a pattern whose column
 * is `*`, the name of the table. A value alone, with no name beside it, nobody can know for one.
 */
export function hiddenIn(patterns: readonly string[]): SaysHidden {
  const names = patterns.map(nameIn);
  return (text) => names.some((name) => name === null || name.test(text));
}

/** What a pattern hides, as it may stand in a text; null where it hides everything. */
function nameIn(pattern: string): RegExp | null {
  const name = pattern
    .split('.')
    .reverse()
    .find((part) => /[^*]/u.test(part));
  if (name === undefined) {
    return null;
  }
  const words = name
    .replace(/(?<=\p{Ll})(?=\p{Lu})/gu, '_')
    .split(/[_\s-]+/u)
    .filter((word) => word !== '')
    .map((word) => word.replace(/[\\^$.|?+()[\]{}]/gu, '\\$&').replaceAll('*', '[\\p{L}\\p{N}_$]*'));
  return new RegExp(`(?<![\\p{L}\\p{N}])${words.join('[\\s_-]*')}s?(?![\\p{L}\\p{N}])`, 'iu');
}
