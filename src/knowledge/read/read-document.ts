import { basename, extname } from 'node:path';
import { parseYaml, YamlError } from '../../config/files/yaml.ts';
import { projectDocument } from '../dbt/project.ts';
import { type DocsBlocks, readProperties } from '../dbt/properties.ts';
import { type ReadDocument, UnreadableDocument } from '../document.ts';
import { decodeText } from './decode.ts';

/** What a file is read as, by the end of its name. */
const readers: Readonly<Record<string, (text: string, blocks: DocsBlocks) => Promise<ReadDocument>>> = {
  ...Object.fromEntries(
    ['.md', '.markdown', '.mdown', '.mdx', '.qmd', '.rmd'].map((ending) => [ending, markdown]),
  ),
  ...Object.fromEntries(['.html', '.htm', '.xhtml'].map((ending) => [ending, html])),
  ...Object.fromEntries(['.yml', '.yaml'].map((ending) => [ending, yaml])),
  '.sql': sql,
  '.json': json,
};

/** Files of a folder that are read as plain text. */
const plainText: ReadonlySet<string> = new Set(['.txt', '.text', '.rst', '.adoc', '.asciidoc', '.org']);

/** Files that hold rows, which no document has to. */
const ofRows: ReadonlySet<string> = new Set([
  '.csv',
  '.tsv',
  '.jsonl',
  '.ndjson',
  '.parquet',
  '.db',
  '.sqlite',
  '.sqlite3',
  '.duckdb',
]);

/** Whether a file of a folder may be a document, by its name alone. */
export function mayBeDocument(path: string): boolean {
  const ending = endingOf(path);
  return ending === '.json' ? basename(path) === 'manifest.json' : ending in readers || plainText.has(ending);
}

/** Reads a document of whatever format. Throws an UnreadableDocument. */
export async function readDocument(
  path: string,
  bytes: Uint8Array,
  blocks: DocsBlocks,
): Promise<ReadDocument> {
  const ending = endingOf(path);
  if (ofRows.has(ending)) {
    throw new UnreadableDocument('it holds rows, and documents are texts that people wrote');
  }
  const text = decodeText(bytes).replace(/^\uFEFF/u, '');
  if (text.trim() === '') {
    throw new UnreadableDocument('it is empty');
  }
  const read = readers[ending] ?? (/^\s*(?:<!doctype html|<html)\b/iu.test(text) ? html : plain);
  const document = await read(text, blocks).catch((error: unknown) => {
    // What the parsers of Markdown and HTML follow by calling themselves.
    if (error instanceof RangeError) {
      throw new UnreadableDocument('its quotations, lists or elements are nested too deeply');
    }
    throw error;
  });
  if (document.pieces.length === 0 && document.descriptions.length === 0) {
    throw new UnreadableDocument('there is no text in it');
  }
  return document;
}

function endingOf(path: string): string {
  return extname(path).toLowerCase();
}

async function markdown(text: string): Promise<ReadDocument> {
  const { readMarkdown } = await import('./markdown.ts');
  return { kind: 'markdown', url: null, descriptions: [], ...(await readMarkdown(text)) };
}

async function html(text: string): Promise<ReadDocument> {
  const [{ readHtml }, { readMarkdown }] = await Promise.all([import('./html.ts'), import('./markdown.ts')]);
  const page = await readHtml(text);
  const read = await readMarkdown(page.markdown);
  return { kind: 'html', descriptions: [], ...read, url: page.url, title: page.title ?? read.title };
}

async function plain(text: string): Promise<ReadDocument> {
  const { readText } = await import('./text.ts');
  return { kind: 'text', url: null, definitions: [], descriptions: [], ...readText(text) };
}

async function sql(text: string): Promise<ReadDocument> {
  const { readSql } = await import('./sql.ts');
  return { kind: 'sql', url: null, definitions: [], descriptions: [], ...readSql(text) };
}

async function yaml(text: string, blocks: DocsBlocks): Promise<ReadDocument> {
  try {
    const project = readProperties((await parseYaml(text)).value, blocks);
    if (project !== null) {
      return projectDocument(project);
    }
  } catch (error) {
    if (!(error instanceof YamlError)) {
      throw error;
    }
    const where = error.place === null ? '' : ` (line ${error.place.line})`;
    throw new UnreadableDocument(`its YAML can't be read: ${error.message}${where}`);
  }
  throw new UnreadableDocument('it is no schema.yml of dbt');
}

async function json(text: string): Promise<ReadDocument> {
  const { readManifest } = await import('../dbt/manifest.ts');
  const project = readManifest(parseJson(text));
  if (project === null) {
    throw new UnreadableDocument('it is no manifest.json of dbt');
  }
  return projectDocument(project);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UnreadableDocument(
      `its JSON can't be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
