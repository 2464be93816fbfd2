import stringWidth from 'string-width';
import { cutText } from '../table.ts';

/** Where a part of a picture stands, in its own units. */
export interface Frame {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export const fonts = 'Helvetica, Arial, Liberation Sans, DejaVu Sans, sans-serif';

/** Colours that are told apart on white, by eyes of every kind. */
export const palette = {
  text: '#1c2024',
  soft: '#5f6871',
  line: '#dfe3e8',
  negative: '#c2410c',
  series: ['#2563b8', '#c2410c', '#16794c', '#8b3fb3', '#8a6500', '#b3266b'],
} as const;

/** The width of a letter beside its height, about: fonts differ, and a picture is drawn with whichever there is. */
const letter = 0.58;

/** How wide a text is in a size, about. */
export function textWidth(text: string, fontSize: number): number {
  return stringWidth(text) * fontSize * letter;
}

/** The text cut to a width, with a mark. */
export function cutTo(text: string, width: number, fontSize: number): string {
  return cutText(text, Math.max(4, Math.floor(width / (fontSize * letter))));
}

/** A number of a picture, without digits that nobody sees. */
export function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
