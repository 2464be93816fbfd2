import { isAbsolute, join, relative, sep } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type Found, type FoundFile, findFiles } from './collect.ts';
import { type DocsBlocks, docsBlocksIn } from './dbt/properties.ts';
import { UnreadableDocument } from './document.ts';
import { decodeText } from './read/decode.ts';
import { digestOf, readBytes } from './read/read-bytes.ts';
import { readDocument } from './read/read-document.ts';
import { documentAt, keepDocument, listDocuments, piecesOf, removeDocument, type Store } from './store.ts';

/** What is added, and how. */
export interface Adding {
  readonly store: Store;
  /** The database that it is about. */
  readonly place: string;
  /** As it was named. */
  readonly path: string;
  /** What names without a folder start at. */
  readonly workingDirectory: string;
  /** What the document shall be known as; null for its own address or path. */
  readonly source: string | null;
  /** Takes secrets out of a text. */
  readonly redact: (text: string) => string;
  readonly now: () => Date;
  readonly signal: AbortSignal;
}

/** What became of a file. */
export interface Outcome {
  readonly source: string;
  readonly change: 'added' | 'replaced' | 'unchanged' | 'gone' | 'left out';
  readonly pieces: number;
  /** Why it was left out, as the end of a sentence; null for all else. */
  readonly reason: string | null;
}

/**
 * Reads the documents at a path and keeps them for a database, each in place of what was read of the same file before. Of a
 * folder that was added before, documents whose files are gone go too. A file by itself that is no document is an
 * UnreadableDocument; within a folder it is left out.
 */
export async function addDocuments(adding: Adding): Promise<readonly Outcome[]> {
  const { store, place, path, workingDirectory, signal } = adding;
  const absolute = isAbsolute(path) ? path : join(workingDirectory, path);
  const found = await findFiles(absolute, signal);
  const names = namesFor(adding, absolute, found);
  const blocks = await blocksIn(found);
  const outcomes: Outcome[] = found.leftOut.map(({ path: own, reason }) => leftOut(names(own), reason));
  for (const file of found.files) {
    signal.throwIfAborted();
    try {
      outcomes.push(await addFile(adding, file, names(file.path), blocks));
    } catch (error) {
      if (!(error instanceof UnreadableDocument) || file.folder === null) {
        throw error;
      }
      outcomes.push(leftOut(names(file.path), error.message));
    }
  }
  const there = new Set(found.files.map((file) => file.path));
  const isGone = ({ path: own }: { readonly path: string }): boolean =>
    found.folder !== null && own.startsWith(found.folder + sep) && !there.has(own);
  for (const document of listDocuments(store, place).filter(isGone)) {
    removeDocument(store, document.id);
    outcomes.push({ source: document.source, change: 'gone', pieces: 0, reason: null });
  }
  return outcomes;
}

async function addFile(
  { store, place, source, redact, now }: Adding,
  { path, folder }: FoundFile,
  name: string,
  blocks: DocsBlocks,
): Promise<Outcome> {
  const at = now().toISOString();
  const bytes = await readBytes(path);
  const digest = digestOf(bytes);
  const before = documentAt(store, place, path);
  const isSame = before?.digest === digest && (source === null || before.source === source);
  const unchanged = (): Outcome => ({
    source: before?.source ?? name,
    change: 'unchanged',
    pieces: before?.pieces ?? 0,
    reason: null,
  });
  const isOfOthers = blocks.size > 0 && isYaml(path);
  if (isSame && !isOfOthers) {
    return unchanged();
  }
  const read = await readDocument(path, bytes, blocks);
  const pieces = read.pieces.map((piece) => ({ ...piece, text: redact(piece.text) }));
  // What a block of another file says stands in this one too.
  if (
    isSame &&
    isDeepStrictEqual(
      piecesOf(store, before.id),
      pieces.map(({ headings, text }) => ({ headings, text })),
    )
  ) {
    return unchanged();
  }
  const shown = source ?? read.url ?? before?.source ?? name;
  keepDocument(store, { place, path, folder, source: shown, digest, at, read: { ...read, pieces } });
  const change = before === null ? 'added' : 'replaced';
  return { source: shown, change, pieces: read.pieces.length, reason: null };
}

function isYaml(path: string): boolean {
  return /\.ya?ml$/iu.test(path);
}

function leftOut(source: string, reason: string): Outcome {
  return { source, change: 'left out', pieces: 0, reason };
}

/** A document by its path as it was named, or from the working directory; not by where a link leads. */
function namesFor(
  { workingDirectory }: Adding,
  absolute: string,
  { folder, files }: Found,
): (path: string) => string {
  const root = folder ?? files[0]?.path ?? absolute;
  const start = relative(workingDirectory, absolute);
  const isOutside = start.startsWith('..') || isAbsolute(start);
  return (path) => {
    const rest = relative(root, path);
    const named = isOutside ? absolute : start;
    return (rest === '' ? named : join(named, rest)).replaceAll(sep, '/');
  };
}

/** The `{% docs %}` blocks of all Markdown that is added along. */
async function blocksIn({ files }: Found): Promise<DocsBlocks> {
  const blocks = new Map<string, string>();
  if (!files.some(({ path }) => isYaml(path))) {
    return blocks;
  }
  for (const { path } of files.filter(({ path: own }) => /\.md$/iu.test(own))) {
    try {
      for (const [name, text] of docsBlocksIn(decodeText(await readBytes(path)))) {
        blocks.set(name, text);
      }
    } catch (error) {
      // It is said of the file itself.
      if (!(error instanceof UnreadableDocument)) {
        throw error;
      }
    }
  }
  return blocks;
}
