import type { Piece } from './document.ts';

/** Characters of a piece; about four hundred tokens. */
export const longestPiece = 1_200;

/**
 * What stands under some headings as pieces of bounded length: cut between blocks, else between lines, else between
 * sentences and words. `head` of a block, such as that of a table, stands again over each part of it.
 */
export function cutSection(headings: readonly string[], blocks: readonly string[]): readonly Piece[] {
  const pieces: Piece[] = [];
  let text = '';
  const end = (): void => {
    if (text.trim() !== '') {
      pieces.push({ headings, text: text.trim(), kind: 'text', table: null });
    }
    text = '';
  };
  for (const block of blocks.flatMap(boundedBlocks)) {
    if (text.length + block.length + 2 > longestPiece) {
      end();
    }
    text = text === '' ? block : `${text}\n\n${block}`;
  }
  end();
  return pieces;
}

function boundedBlocks(block: string): readonly string[] {
  const trimmed = block.replace(/^\n+|\s+$/gu, '');
  if (trimmed.length <= longestPiece) {
    return trimmed === '' ? [] : [trimmed];
  }
  const lines = trimmed.split('\n');
  const head = /^[\s|:-]+$/u.test(lines[1] ?? '') ? lines.slice(0, 2).join('\n') : '';
  const rows = head === '' ? lines : lines.slice(2);
  return joined(
    rows.flatMap((line) => boundedLine(line, longestPiece - head.length - 1)),
    head === '' ? '' : `${head}\n`,
  );
}

/** Lines put together again as far as they fit, each part under `head`. */
function joined(lines: readonly string[], head: string): readonly string[] {
  const parts: string[] = [];
  let part = '';
  for (const line of lines) {
    if (part !== '' && head.length + part.length + line.length + 1 > longestPiece) {
      parts.push(head + part);
      part = '';
    }
    part = part === '' ? line : `${part}\n${line}`;
  }
  return [...parts, head + part];
}

function boundedLine(line: string, room: number): readonly string[] {
  const most = Math.max(room, longestPiece / 4);
  const parts: string[] = [];
  let rest = line;
  while (rest.length > most) {
    const start = rest.slice(0, most);
    const sentence = Math.max(start.lastIndexOf('. '), start.lastIndexOf('。')) + 1;
    const word = start.lastIndexOf(' ');
    const at = sentence > most / 2 ? sentence : word > most / 2 ? word : most;
    parts.push(rest.slice(0, at).trim());
    rest = rest.slice(at).trim();
  }
  return [...parts, rest].filter((part) => part !== '');
}
