import { escapeText } from '../escape.ts';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as HTML shows it, in an element or a quoted attribute; what a reader could not see is written out. */
export function markup(text: string): string {
  return escapeText(text).replace(/[&<>"']/gu, (character) => entities[character] ?? '');
}
