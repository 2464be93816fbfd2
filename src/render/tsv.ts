import type { ResultColumn } from '../result.ts';
import { shownText } from './escape.ts';
import { neutralizeFormula } from './formula.ts';
import type { RenderOptions, TextRenderer } from './renderer.ts';
import { valueText } from './value.ts';

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/** Tab-separated text with a header; tabs, line ends and backslashes are escaped and NULL is `\N`, as COPY has it. */
export function createTsvRenderer(
  options: Pick<RenderOptions, 'csvSafe'> & Partial<RenderOptions>,
): TextRenderer {
  let columns: readonly ResultColumn[] = [];
  const escapeField = (text: string): string =>
    shownText(
      text.replace(/[\\\t\n\r]/gu, (character) => escapes[character] ?? ''),
      (options.width ?? null) !== null,
    );
  return {
    begin(found) {
      columns = found;
      const safe = (name: string): string => (options.csvSafe ? neutralizeFormula(name, name, null) : name);
      return `${found.map(({ name }) => escapeField(safe(name))).join('\t')}\n`;
    },
    rows(batch) {
      let text = '';
      for (const row of batch) {
        const fields = columns.map((column, index) => {
          const value = row[index] ?? null;
          const field = valueText(value, column);
          if (field === null) {
            return '\\N';
          }
          return escapeField(options.csvSafe ? neutralizeFormula(field, value, column) : field);
        });
        text += `${fields.join('\t')}\n`;
      }
      return text;
    },
    end: () => '',
  };
}
