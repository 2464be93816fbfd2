/**
 * Writes the README's pictures of a terminal, a still one as SVG and a moving one as GIF, each from a real run in a real one:
 * what a person would see.
 *
 * usage: npm run build && npm run picture:write     needs Debian's fonts-dejavu-core
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { drawing } from './fixtures/picture/draw.ts';
import { type Frame, gifOf } from './fixtures/picture/gif.ts';
import { chart, doubted, play, type Screen, textOf } from './fixtures/picture/session.ts';

const folder = join(import.meta.dirname, 'docs');

const still = (await play(chart)).at(-1) ?? [];
await writeFile(join(folder, 'terminal.svg'), drawing(still));

const [asking = [], answered = []] = await play(doubted);
/** The command, typed some letters at a time. */
const typing: readonly Frame[] = [2, 9, 16, 25, 34, 43, 52, 61, 70].map((letters) => ({
  screen: asking.slice(0, 1).map((cells) => cells.slice(0, letters)),
  milliseconds: 160,
}));
const frames: readonly Frame[] = [
  ...typing,
  { screen: firstLine(asking), milliseconds: 700 },
  { screen: asking, milliseconds: 7000 },
  { screen: answered, milliseconds: 5000 },
];
const rows = Math.max(asking.length, answered.length);
await writeFile(join(folder, 'terminal.gif'), gifOf(frames, rows, textOf(answered)));

function firstLine(screen: Screen): Screen {
  return screen.slice(0, 1);
}
