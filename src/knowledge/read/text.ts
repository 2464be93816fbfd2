import { cutSection } from '../cut.ts';
import type { Piece } from '../document.ts';

/** A line of these signs alone, under or over a line of text, makes a heading of it in reStructuredText and plain text. */
const rule = /^([=\-~^"'#*+_:.])\1{2,}\s*$/u;

/** Plain text cut by its headings, as far as it has some: underlined lines, `== Title`, `1.2 Title` on a line of its own. */
export function readText(text: string): { readonly title: string | null; readonly pieces: readonly Piece[] } {
  const lines = text.replace(/\r\n?/gu, '\n').split('\n');
  const pieces: Piece[] = [];
  let title: string | null = null;
  let heading: string | null = null;
  let own: string[] = [];
  const end = (): void => {
    const headings = [title, heading].filter(
      (part, index, all) => part !== null && all.indexOf(part) === index,
    );
    pieces.push(
      ...cutSection(
        headings.flatMap((part) => part ?? []),
        own.join('\n').split(/\n\s*\n/u),
      ),
    );
    own = [];
  };
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    const after = lines[index + 1] ?? '';
    const found = headingOf(line, lines[index - 1] ?? '', after);
    if (found === null) {
      // What is drawn over a heading is no text.
      own.push(rule.test(line) && rule.test(lines[index + 2] ?? '') ? '' : line);
      continue;
    }
    end();
    title ??= found;
    heading = found;
    index += rule.test(after) ? 1 : 0;
  }
  end();
  return { title, pieces };
}

const longestHeading = 80;

function headingOf(line: string, before: string, after: string): string | null {
  const text = line.trim();
  if (text === '' || text.length > longestHeading || rule.test(line)) {
    return null;
  }
  if (rule.test(after) && after.trim().length >= text.length / 2 && /\p{L}/u.test(text)) {
    return text;
  }
  const marked = /^={1,6}\s+(.+?)(?:\s+=+)?$/u.exec(text)?.[1];
  const numbered =
    /^\d+(?:\.\d+)*\.?\s+\p{Lu}.*[^.,;:]$/u.test(text) && before.trim() === '' && after.trim() === '';
  return marked ?? (numbered ? text : null);
}
