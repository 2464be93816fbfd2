import { createHash } from 'node:crypto';
import type { ResultColumn, Row, Value } from '../../result.ts';
import { choosePlot, isTelling, titleOf } from '../chart/plot.ts';
import { createGatheredRenderer } from '../gathered.ts';
import { counted } from '../quantity.ts';
import { capitalized, readableName } from '../readable-name.ts';
import type { Page, RenderOptions, TextRenderer } from '../renderer.ts';
import { isNumeral, valueText } from '../value.ts';
import { markup } from './markup.ts';
import { picture } from './picture.ts';
import { script } from './script.ts';
import { style } from './style.ts';

/**
 * One page that needs nothing else: the question, a picture, the rows as a table that sorts, what was assumed, and the
 * SQL. Its policy lets run only the script and the style that are in it, so that no row could, whatever it holds.
 */
export function createHtmlRenderer({ page }: RenderOptions): TextRenderer {
  return createGatheredRenderer((columns, rows, truncated) =>
    document(columns, rows, page ?? null, truncated),
  );
}

function document(
  columns: readonly ResultColumn[],
  rows: readonly Row[],
  page: Page | null,
  truncated: boolean,
): string {
  const drawable = choosePlot(columns, rows);
  const plot = drawable !== null && isTelling(drawable) ? drawable : null;
  const title = page?.question ?? capitalized(titleOf(columns, drawable));
  const count = `${truncated ? 'The first ' : ''}${counted(rows.length, 'row')}${truncated ? '; there are more' : ''}`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '${digest(style)}'; script-src '${digest(script)}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="sqlq">
<title>${markup(oneLine(title))}</title>
<style>${style}</style>
</head>
<body>
<h1>${markup(title)}</h1>
<p class="soft">${count}${page === null ? '' : `${page.database === undefined ? '' : ` of ${markup(page.database)}`}, ${time(page.time)}`}</p>
${plot === null ? '' : `<section aria-label="Chart">\n<h2>Chart</h2>\n${picture(plot)}</section>\n`}<section aria-label="Rows">
<h2>Rows</h2>
${table(columns, rows)}</section>
${page === null ? '' : origin(page)}<script>${script}</script>
</body>
</html>
`;
}

function table(columns: readonly ResultColumn[], rows: readonly Row[]): string {
  const numeric = columns.map(
    (column, index) =>
      column.kind === 'number' ||
      column.kind === 'real' ||
      (column.kind === 'any' &&
        rows.some((row) => row[index] !== null) &&
        rows.every((row) => (row[index] ?? null) === null || isNumeral(row[index] ?? null, column))),
  );
  const head = columns.map(
    ({ name }, index) =>
      `<th scope="col" aria-sort="none"${numeric[index] ? ' class="n"' : ''}><button type="button"${readableName(name) === name ? '' : ` title="${markup(name)}"`}>${markup(readableName(name))}</button></th>`,
  );
  const body = rows.map(
    (row) =>
      `<tr>${columns.map((column, index) => cell(row[index] ?? null, column, numeric[index] === true)).join('')}</tr>\n`,
  );
  return `<div class="scroll"><table>
<thead><tr>${head.join('')}</tr></thead>
<tbody>
${body.join('')}</tbody>
</table></div>
`;
}

function cell(value: Value, column: ResultColumn, numeric: boolean): string {
  const text = valueText(value, column);
  const classes = [...(numeric ? ['n'] : []), ...(text === null ? ['null'] : [])];
  const attribute = classes.length === 0 ? '' : ` class="${classes.join(' ')}"`;
  return `<td${attribute}>${text === null ? 'NULL' : markup(text)}</td>`;
}

function origin({ sql, assumptions }: Page): string {
  const assumed =
    assumptions.length === 0
      ? ''
      : `<section aria-label="Assumptions">
<h2>Assumptions</h2>
<ul>
${assumptions.map((assumption) => `<li>${markup(assumption)}</li>\n`).join('')}</ul>
</section>
`;
  return `${assumed}<section aria-label="SQL">
<h2>SQL</h2>
<pre><code>${markup(sql)}</code></pre>
</section>
`;
}

function time(iso: string): string {
  return `<time datetime="${markup(iso)}">${markup(iso.slice(0, 16).replace('T', ' '))} UTC</time>`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/gu, ' ').trim();
}

/** The hash by which a Content Security Policy knows a script or a style. */
function digest(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
