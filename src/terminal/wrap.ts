import { stripVTControlCharacters } from 'node:util';

/** A sequence that styles what follows. */
const styling = '(?:\\u001b\\[[\\d;]*m)*';
/** What stands before the words of a line: blanks, and the number or the dash of a list. */
const beginning = new RegExp(`^${styling}(?:\\s*(?:\\d+\\.|[-*])?${styling}\\s+)?`, 'u');
/** Characters that take two columns: East Asian ones and pictures. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/gu;
const combining = /\p{Mn}|\u200d|\ufe0f/gu;

/** The columns that a text takes, about: prose is wrapped by it, and nothing is aligned. */
export function widthOf(text: string): number {
  const plain = stripVTControlCharacters(text).replace(combining, '');
  return [...plain].length + (plain.match(wide)?.length ?? 0);
}

/**
 * Lines broken between words where they are wider than the window; what follows stands under the words of its line, past
 * a number or a dash at the beginning. A word that is wider than the window stays whole.
 */
export function wrapLines(text: string, columns: number): string {
  return text
    .split('\n')
    .map((line) => (line.length * 2 <= columns || widthOf(line) <= columns ? line : wrapLine(line, columns)))
    .join('\n');
}

function wrapLine(line: string, columns: number): string {
  const start = beginning.exec(line)?.[0] ?? '';
  const indent = Math.min(widthOf(start), Math.floor(columns / 2));
  const lines: string[] = [];
  let open = start;
  let used = widthOf(start);
  let isFirst = true;
  for (const word of line.slice(start.length).split(/(?<=\S) +(?=\S)/u)) {
    const width = widthOf(word);
    if (!isFirst && used + 1 + width > columns) {
      lines.push(open);
      open = ' '.repeat(indent) + word;
      used = indent + width;
    } else {
      open += isFirst ? word : ` ${word}`;
      used += width + (isFirst ? 0 : 1);
    }
    isFirst = false;
  }
  return [...lines, open].join('\n');
}
