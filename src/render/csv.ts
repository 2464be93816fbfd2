import type { ResultColumn, Value } from '../result.ts';
import { shownText } from './escape.ts';
import { neutralizeFormula } from './formula.ts';
import type { RenderOptions, TextRenderer } from './renderer.ts';
import { valueText } from './value.ts';

/**
 * CSV as RFC 4180 has it, with LF and a header. NULL is nothing, an empty text is `""`, so that the two can be told
 * apart; PostgreSQL's COPY reads and writes the same. On a terminal, which would obey it, what a file has raw is escaped.
 */
export function createCsvRenderer(
  options: Pick<RenderOptions, 'csvSafe'> & Partial<RenderOptions>,
): TextRenderer {
  let columns: readonly ResultColumn[] = [];
  const field = (value: Value, column: ResultColumn): string => {
    const text = valueText(value, column);
    if (text === null) {
      return '';
    }
    const shown = shownText(text, (options.width ?? null) !== null);
    const safe = options.csvSafe ? neutralizeFormula(shown, value, column) : shown;
    // Only text can hold what needs quotes.
    return typeof value === 'string' ? quoteField(safe) : safe;
  };
  return {
    begin(found) {
      columns = found;
      return csvHeader(found, options);
    },
    rows(batch) {
      let text = '';
      for (const row of batch) {
        for (let index = 0; index < columns.length; index += 1) {
          const column = columns[index];
          const value = row[index];
          if (column === undefined || value === undefined) {
            continue;
          }
          text += index === 0 ? field(value, column) : `,${field(value, column)}`;
        }
        text += '\n';
      }
      return text;
    },
    end: () => '',
  };
}

/** The header line of a CSV file. */
export function csvHeader(
  columns: readonly ResultColumn[],
  options: Pick<RenderOptions, 'csvSafe'> & Partial<RenderOptions>,
): string {
  const names = columns.map(({ name }) => {
    const shown = shownText(name, (options.width ?? null) !== null);
    return quoteField(options.csvSafe ? neutralizeFormula(shown, shown, null) : shown);
  });
  return `${names.join(',')}\n`;
}

function quoteField(text: string): string {
  return text === '' || /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
