import type { Token, Tokens } from 'marked';
import { parseYaml, YamlError } from '../../config/files/yaml.ts';
import { cutSection } from '../cut.ts';
import type { Piece } from '../document.ts';
import { definitionsIn, type Section } from './definitions.ts';

/** What a text in Markdown says. */
export interface ReadMarkdown {
  readonly title: string | null;
  readonly pieces: readonly Piece[];
  readonly definitions: ReturnType<typeof definitionsIn>;
}

/** Markdown cut by its headings; its front matter gives a title and a description. HTML comments, which nobody sees, are left out. */
export async function readMarkdown(text: string): Promise<ReadMarkdown> {
  const { lexer } = await import('marked');
  const { body, front } = await splitFront(withDocsBlocks(text));
  const sections: Section[] = [];
  const path: { readonly depth: number; readonly title: string }[] = [];
  let blocks: Token[] = [];
  const end = (): void => {
    if (blocks.length > 0) {
      sections.push({ headings: path.map(({ title }) => title), blocks });
    }
    blocks = [];
  };
  for (const token of lexer(body.replace(/<!--[\s\S]*?-->/gu, ''))) {
    if (isHeading(token)) {
      end();
      while ((path.at(-1)?.depth ?? 0) >= token.depth) {
        path.pop();
      }
      path.push({ depth: token.depth, title: plainText(token.text) });
    } else if (token.type !== 'space' && token.type !== 'hr' && token.type !== 'def') {
      blocks.push(token);
    }
  }
  end();
  const about =
    front.description === null
      ? []
      : cutSection(front.title === null ? [] : [front.title], [front.description]);
  return {
    title: front.title ?? sections[0]?.headings[0] ?? null,
    pieces: [
      ...about,
      ...sections.flatMap(({ headings, blocks: own }) => cutSection(headings, own.map(textOf))),
    ],
    definitions: definitionsIn(sections),
  };
}

function isHeading(token: Token): token is Tokens.Heading {
  return token.type === 'heading';
}

/** A block as it was written; of HTML among it the text alone. */
function textOf(token: Token): string {
  return token.type === 'html' ? token.raw.replace(/<[^<>]*>/gu, ' ').replace(/[ \t]+/gu, ' ') : token.raw;
}

/** Marks of emphasis, code and links taken off a heading. */
export function plainText(text: string): string {
  return text
    .replace(/!?\[([^\]]*)\]\([^)]*\)/gu, '$1')
    .replace(/[`*]|<[^<>]*>|\s*\{#[\w-]+\}\s*$/gu, '')
    .replace(/\s+/gu, ' ')
    .trim();
}

/** `{% docs name %}…{% enddocs %}` of a dbt project is what stands under the heading of that name. */
function withDocsBlocks(text: string): string {
  return text
    .replace(/\{%-?\s*docs\s+(\w+)\s*-?%\}/gu, '\n# $1\n')
    .replace(/\{%-?\s*enddocs\s*-?%\}/gu, '\n');
}

interface Front {
  readonly title: string | null;
  readonly description: string | null;
}

/** The YAML before a text, between lines of dashes; TOML, between lines of plus signs, is left out. */
async function splitFront(text: string): Promise<{ readonly body: string; readonly front: Front }> {
  const none: Front = { title: null, description: null };
  const [whole = '', mark, inner = ''] =
    /^\uFEFF?(---|\+\+\+)[ \t]*\r?\n([\s\S]*?)\r?\n\1[ \t]*(?:\r?\n|$)/u.exec(text) ?? [];
  if (whole === '' || mark === '+++') {
    return { body: text.slice(whole.length), front: none };
  }
  try {
    const { value } = await parseYaml(inner);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return { body: text, front: none };
    }
    const said = (...keys: readonly string[]): string | null => {
      const found = keys
        .map((key) => Reflect.get(value, key))
        .find((one) => typeof one === 'string' && one.trim() !== '');
      return typeof found === 'string' ? found.trim() : null;
    };
    const front = { title: said('title', 'name'), description: said('description', 'summary', 'abstract') };
    return { body: text.slice(whole.length), front };
  } catch (error) {
    if (error instanceof YamlError) {
      return { body: text, front: none };
    }
    throw error;
  }
}
