/**
 * Writes the README's picture of a terminal, from a real run in a real one: what a person would see, as SVG.
 *
 * usage: npm run build && npm run picture:write
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';
import { markup } from './src/render/html/markup.ts';
import { emptyEnvironment } from './test/support/program.ts';

const columns = 78;
const rows = 29;
const question = 'number of customers by country';
const file = join(import.meta.dirname, 'docs', 'terminal.svg');

/** The sixteen colours of a terminal, on a dark ground. */
const colours = [
  ['#14171a', '#f0814f', '#56c596', '#e0b84c', '#6ea8fe', '#c792ea', '#5fc9d4', '#e8eaed'],
  ['#7d8790', '#f0814f', '#56c596', '#e0b84c', '#6ea8fe', '#c792ea', '#5fc9d4', '#ffffff'],
].flat();
const letter = { width: 9.6, height: 20 };

/** Runs sqlq on the sample shop, and says yes to its SQL. */
async function run(): Promise<InstanceType<typeof xterm.Terminal>> {
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
  terminal.write(`$ sqlq ask --db sample --format chart "${question}"\r\n`);
  const program = spawn(
    process.execPath,
    [join(import.meta.dirname, 'bin/sqlq.js'), ...['ask', '--db', 'sample', '--format', 'chart', question]],
    { cols: columns, rows, name: 'xterm-256color', env: emptyEnvironment() },
  );
  let written = '';
  program.onData((data) => {
    written += data;
    terminal.write(data);
  });
  const ended = new Promise((resolve) => program.onExit(resolve));
  while (!written.includes('Cancel')) {
    await sleep(20);
  }
  program.write('y');
  await ended;
  await sleep(100);
  return terminal;
}

/** The letters of a screen as SVG text, a run of one look after the other. */
function drawing(terminal: InstanceType<typeof xterm.Terminal>): string {
  const buffer = terminal.buffer.active;
  const lines: string[] = [];
  for (let row = 0; row < buffer.length; row += 1) {
    const line = buffer.getLine(row);
    if (line === undefined) {
      continue;
    }
    let text = '';
    for (let column = 0; column < columns; column += 1) {
      const cell = line.getCell(column);
      const letters = cell?.getChars() ?? '';
      if (cell === undefined || letters.trim() === '') {
        continue;
      }
      const colour = cell.isFgPalette() ? (colours[cell.getFgColor()] ?? '#e8eaed') : '#e8eaed';
      const look = `${cell.isBold() ? ' font-weight="700"' : ''}${cell.isDim() ? ' opacity=".6"' : ''}`;
      text += `<tspan x="${Math.round((20 + column * letter.width) * 10) / 10}" fill="${colour}"${look}>${markup(letters)}</tspan>`;
    }
    lines.push(text);
  }
  while (lines.at(-1) === '') {
    lines.pop();
  }
  const size = { width: Math.ceil(40 + columns * letter.width), height: 70 + lines.length * letter.height };
  const texts = lines.map(
    (text, index) => `<text y="${60 + index * letter.height}" xml:space="preserve">${text}</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" width="${size.width}" height="${size.height}" font-family="ui-monospace, Menlo, Consolas, DejaVu Sans Mono, monospace" font-size="16" role="img" aria-label="sqlq in a terminal">
<rect width="100%" height="100%" rx="10" fill="#14171a"/>
<circle cx="24" cy="22" r="6" fill="#f0814f"/><circle cx="44" cy="22" r="6" fill="#e0b84c"/><circle cx="64" cy="22" r="6" fill="#56c596"/>
${texts.join('\n')}
</svg>
`;
}

await writeFile(file, drawing(await run()));
