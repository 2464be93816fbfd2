import stringWidth from 'string-width';
import { createPainter } from '../painter.ts';
import { cutText } from '../table.ts';
import type { Mark } from './plot.ts';

/** Eighths of a character, from an eighth to seven. */
const eighths = ['▏', '▎', '▍', '▌', '▋', '▊', '▉'];
/** No label is cut below this, and no bar. */
const narrowest = 8;

export interface BarOptions {
  readonly width: number;
  readonly color: boolean;
  readonly ascii: boolean;
}

/**
 * A line for each label: the label, the exact value, and a bar from zero, to the left where the value is negative. NULL
 * and what is no finite number has no bar. No library draws bars to both sides of zero or measures wide characters.
 */
export function drawBars(
  labels: readonly string[],
  marks: readonly Mark[],
  options: BarOptions,
): readonly string[] {
  const widest = (texts: readonly string[]): number =>
    texts.reduce((most, text) => Math.max(most, stringWidth(text)), 0);
  const values = marks.map(({ value }) => value ?? 0);
  const highest = values.reduce((most, value) => Math.max(most, value), 0);
  const lowest = values.reduce((least, value) => Math.min(least, value), 0);
  const textWidth = widest(marks.map(({ text }) => text));
  const labelWidth = Math.min(
    widest(labels),
    Math.max(narrowest, Math.floor(options.width * 0.4), 0),
    Math.max(narrowest, options.width - textWidth - narrowest - 4),
  );
  const room = Math.max(narrowest, options.width - labelWidth - textWidth - 5);
  const span = highest - lowest;
  // Each side that has values has at least one character.
  const left =
    lowest < 0 ? Math.min(room - (highest > 0 ? 1 : 0), Math.max(1, Math.round((room * -lowest) / span))) : 0;
  const unit = Math.min(
    highest > 0 ? (room - left) / highest : Number.POSITIVE_INFINITY,
    lowest < 0 ? left / -lowest : Number.POSITIVE_INFINITY,
  );
  const styled = createPainter(options.color);
  const paint = (style: 'cyan' | 'red' | 'dim', text: string): string =>
    text === '' ? '' : styled(style, text);
  const axis = options.ascii ? '|' : '│';
  return labels.map((label, index) => {
    const { value, text } = marks[index] ?? { value: null, text: '' };
    const name = cutText(label, labelWidth, options.ascii ? '~' : '…');
    const length = span === 0 ? 0 : Math.abs(value ?? 0) * unit;
    const before = value !== null && value < 0 ? leftBar(length, options.ascii) : '';
    const after = value !== null && value > 0 ? rightBar(length, options.ascii) : '';
    const number = value === null ? paint('dim', text) : text;
    return [
      name + ' '.repeat(labelWidth - stringWidth(name)),
      ' '.repeat(textWidth - stringWidth(text)) + number,
      ' '.repeat(left - before.length) + paint('red', before) + paint('dim', axis) + paint('cyan', after),
    ].join('  ');
  });
}

/** To the right, in eighths of a character; what is not zero is never invisible. */
function rightBar(length: number, ascii: boolean): string {
  if (ascii) {
    return '#'.repeat(Math.max(1, Math.round(length)));
  }
  const units = Math.max(1, Math.round(length * 8));
  return '█'.repeat(Math.floor(units / 8)) + (eighths[(units % 8) - 1] ?? '');
}

/** To the left, in halves: there are no finer blocks that stand at the right. */
function leftBar(length: number, ascii: boolean): string {
  if (ascii) {
    return '#'.repeat(Math.max(1, Math.round(length)));
  }
  const halves = Math.max(1, Math.round(length * 2));
  return (halves % 2 === 1 ? '▐' : '') + '█'.repeat(Math.floor(halves / 2));
}
