import type { DefaultTreeAdapterMap } from 'parse5';
import { UnreadableDocument } from '../document.ts';
import { markdownOf } from './html-markdown.ts';

/** A page of HTML as Markdown, its title, and the address that it was saved from. */
export interface ReadHtml {
  readonly markdown: string;
  readonly title: string | null;
  readonly url: string | null;
}

type Node = DefaultTreeAdapterMap['node'];
type Element = DefaultTreeAdapterMap['element'];

/** A page by its text alone: what is not shown, and what stands around it on every page, is left out. */
export async function readHtml(text: string): Promise<ReadHtml> {
  const { parse } = await import('parse5');
  try {
    const elements = elementsIn(parse(text));
    const find = (name: string, wanted: Readonly<Record<string, string>> = {}): Element | undefined =>
      elements.find(
        (element) =>
          element.tagName === name &&
          Object.entries(wanted).every(([key, value]) => attributeOf(element, key)?.toLowerCase() === value),
      );
    const title = markdownOf(find('title')?.childNodes ?? []).trim();
    const body = find('main') ?? find('article') ?? find('body');
    return {
      markdown: markdownOf(body?.childNodes ?? []),
      title: title === '' ? null : title,
      url:
        savedFrom(text) ??
        urlOf(attributeOf(find('link', { rel: 'canonical' }), 'href')) ??
        urlOf(attributeOf(find('meta', { property: 'og:url' }), 'content')),
    };
  } catch (error) {
    if (error instanceof RangeError) {
      throw new UnreadableDocument('its HTML is nested too deeply');
    }
    throw error;
  }
}

/** All elements of a page in their order, without recursion. */
function elementsIn(page: Node): readonly Element[] {
  const found: Element[] = [];
  const left: Node[] = [page];
  for (let node = left.pop(); node !== undefined; node = left.pop()) {
    if ('tagName' in node) {
      found.push(node);
    }
    if ('childNodes' in node) {
      left.push(...node.childNodes.toReversed());
    }
  }
  return found;
}

function attributeOf(element: Element | undefined, name: string): string | undefined {
  return element?.attrs.find((attribute) => attribute.name === name)?.value;
}

/**
 * What a browser writes into a page that it saves. Source: the Mark of the Web of Internet Explorer, which Chrome and Edge
 * write too, and the comment of SingleFile.
 */
function savedFrom(text: string): string | null {
  const start = text.slice(0, 20_000);
  return urlOf(
    /<!--\s*saved from url=\(\d+\)(\S+?)\s*-->/iu.exec(start)?.[1] ??
      /<!--[\s\S]{0,200}?Page saved with SingleFile[\s\S]{0,200}?url:\s*(\S+)/u.exec(start)?.[1],
  );
}

function urlOf(text: string | undefined): string | null {
  const url = URL.parse(text ?? '');
  if (url === null || !/^https?:$/u.test(url.protocol)) {
    return null;
  }
  url.username = '';
  url.password = '';
  return url.href;
}
