import { styleText } from 'node:util';

/** Styles text, or leaves it plain where there is no colour. */
export type Painter = (style: Parameters<typeof styleText>[0], text: string) => string;

/** A painter that heeds what was decided for its stream, and not what Node thinks of the stream. */
export function createPainter(color: boolean): Painter {
  return (style, text) => (color ? styleText(style, text, { validateStream: false }) : text);
}
