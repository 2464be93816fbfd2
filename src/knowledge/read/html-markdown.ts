import type { DefaultTreeAdapterMap } from 'parse5';

type Node = DefaultTreeAdapterMap['childNode'];
type Element = DefaultTreeAdapterMap['element'];

/** What of a page is not its text. */
const unread: ReadonlySet<string> = new Set(
  'script style noscript template svg math canvas iframe object embed nav header footer aside form button select textarea dialog img picture video audio'.split(
    ' ',
  ),
);

/** What stands in a line. All else begins a block of its own. */
const inline: ReadonlySet<string> = new Set(
  'a abbr b bdi bdo cite code data del dfn em font i ins kbd label mark q s samp small span strong sub sup time tt u var wbr'.split(
    ' ',
  ),
);

/** Elements of a page as Markdown: headings, lists, tables, code and paragraphs. Throws a RangeError for a tree that is too deep. */
export function markdownOf(nodes: readonly Node[]): string {
  const blocks: string[] = [];
  let line = '';
  const end = (): void => {
    const text = line
      .replace(/[^\S\n]+/gu, ' ')
      .replace(/ ?\n ?/gu, '\n')
      .trim();
    if (text !== '') {
      blocks.push(text);
    }
    line = '';
  };
  for (const node of nodes) {
    if (!('tagName' in node)) {
      line += 'value' in node ? node.value.replace(/\s+/gu, ' ') : '';
    } else if (!isUnread(node)) {
      if (node.tagName === 'br') {
        line += '\n';
      } else if (inline.has(node.tagName)) {
        line += inLine(node);
      } else {
        end();
        blocks.push(blockOf(node));
      }
    }
  }
  end();
  return blocks.filter((block) => block.trim() !== '').join('\n\n');
}

/** What is not text, or is not shown: nobody has read it there. */
function isUnread({ tagName, attrs }: Element): boolean {
  return (
    unread.has(tagName) ||
    attrs.some(
      ({ name, value }) =>
        name === 'hidden' ||
        (name === 'aria-hidden' && value === 'true') ||
        (name === 'style' &&
          /display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])/iu.test(value)),
    )
  );
}

function inLine(element: Element): string {
  const text = markdownOf(element.childNodes).replaceAll('\n\n', ' ');
  const [before, after] = [/^\s/u, /\s$/u].map((blank) => (blank.test(rawText(element)) ? ' ' : ''));
  const mark = { code: '`', kbd: '`', samp: '`', tt: '`', strong: '**', b: '**' }[element.tagName] ?? '';
  return text === '' ? ' ' : `${before}${mark}${text}${mark}${after}`;
}

function blockOf(element: Element): string {
  const { tagName, childNodes } = element;
  const level = /^h([1-6])$/u.exec(tagName)?.[1];
  if (level !== undefined) {
    return `${'#'.repeat(Number(level))} ${markdownOf(childNodes).replace(/\s+/gu, ' ')}`;
  }
  switch (tagName) {
    case 'pre':
      return `\`\`\`\n${rawText(element).replace(/^\n|\s+$/gu, '')}\n\`\`\``;
    case 'ul':
    case 'ol':
      return itemsOf(element);
    case 'table':
      return tableOf(element);
    case 'dt':
      return `**${markdownOf(childNodes)}**`;
    default:
      return markdownOf(childNodes);
  }
}

function itemsOf(list: Element): string {
  return list.childNodes
    .filter((node): node is Element => 'tagName' in node && !isUnread(node))
    .map((item) => `- ${markdownOf(item.childNodes).replace(/\n+/gu, '\n  ')}`)
    .join('\n');
}

/** Rows of a table; its first one is the head, as Markdown has it. */
function tableOf(table: Element): string {
  const rows = within(table, 'tr').map((row) =>
    row.childNodes
      .filter((node): node is Element => 'tagName' in node && /^t[hd]$/u.test(node.tagName))
      .map((cell) => markdownOf(cell.childNodes).replace(/\s+/gu, ' ').replaceAll('|', '\\|')),
  );
  const width = Math.max(0, ...rows.map((row) => row.length));
  // A table of one column lays a page out.
  if (width < 2) {
    return rows.map((row) => row.join(' ')).join('\n\n');
  }
  const [head = [], ...others] = rows;
  return [head, Array.from({ length: width }, () => '---'), ...others]
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n');
}

/** The rows of a table, not those of tables within it. */
function within(element: Element, name: string): readonly Element[] {
  return element.childNodes.flatMap((node) => {
    if (!('tagName' in node) || node.tagName === 'table') {
      return [];
    }
    return node.tagName === name ? [node] : within(node, name);
  });
}

function rawText(element: Element): string {
  return element.childNodes
    .map((node) => ('tagName' in node ? rawText(node) : 'value' in node ? node.value : ''))
    .join('');
}
