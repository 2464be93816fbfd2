import type { ResultColumn } from '../result.ts';
import { escapeLine } from './escape.ts';
import type { TextRenderer } from './renderer.ts';
import { valueText } from './value.ts';

/** A table as GitHub's Markdown has it; NULL is an empty cell, numbers are aligned right. */
export function createMarkdownRenderer(): TextRenderer {
  let columns: readonly ResultColumn[] = [];
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  return {
    begin(found) {
      columns = found;
      const rule = found.map(({ kind }) => (kind === 'number' || kind === 'real' ? '---:' : '---'));
      return line(found.map(({ name }) => cell(name))) + line(rule);
    },
    rows: (batch) =>
      batch
        .map((row) => line(columns.map((column, index) => cell(valueText(row[index] ?? null, column) ?? ''))))
        .join(''),
    end: () => '',
  };
}

/** Text that stays text: what Markdown or HTML would read is escaped, and a line break is `<br>`. */
function cell(text: string): string {
  return text
    .split(/\r\n|\r|\n/u)
    .map((part) =>
      escapeLine(
        part
          .replace(/[\\`*_[\]|]/gu, '\\$&')
          .replaceAll('&', '&amp;')
          .replaceAll('<', '&lt;'),
      ),
    )
    .join('<br>');
}
