import { join } from 'node:path';
import { messageOf } from '../errors.ts';
import { isMissing, readPlainFile } from './files/plain-file.ts';

/** What somebody noted of a word, a table or a column. */
export interface ConfiguredNote {
  /** A word or several, a table, or `table.column`; empty for what was said in general. */
  readonly term: string;
  readonly meaning: string;
  /** The table under which it stands; null where it stands under none. */
  readonly table: string | null;
  /** The name in `databases` that it is for; null for every database. */
  readonly database: string | null;
}

/** The file of notes that lies beside a settings file, or alone. */
const fileName = 'sqlq.notes.md';

/** Notes of a settings file's key `notes`. */
export function listedNotes(
  notes: Readonly<Record<string, string>> | undefined,
  database: string | null = null,
): readonly ConfiguredNote[] {
  return Object.entries(notes ?? {}).map(([term, meaning]) => ({ term, meaning, table: null, database }));
}

/** Where the notes of a folder stand. */
export function notesFile(folder: string): string {
  return join(folder, fileName);
}

/** The notes of the first of some folders that has a file of them; `warn` hears of one that can't be read. */
export async function readNotes(
  folders: readonly string[],
  warn: (text: string) => void,
): Promise<readonly ConfiguredNote[]> {
  for (const folder of folders) {
    const path = notesFile(folder);
    try {
      return parseNotes(await readPlainFile(path));
    } catch (error) {
      if (!isMissing(error)) {
        warn(`The notes ${path} can't be read, and are left out: ${messageOf(error)}.`);
      }
    }
  }
  return [];
}

/**
 * Notes in Markdown: each item of a list is `term: meaning`, `term = expression` or `term means …`. A heading
 * `database NAME` begins what is for one database, any other heading names the table that what follows is about. Other
 * text is a note on that table, or a general one. The first heading of level one is the document's title.
 */
export function parseNotes(text: string): readonly ConfiguredNote[] {
  const notes: ConfiguredNote[] = [];
  let database: string | null = null;
  let table: string | null = null;
  let paragraph: string[] = [];
  const endParagraph = (): void => {
    const meaning = paragraph.join(' ').trim();
    paragraph = [];
    if (meaning !== '') {
      notes.push({ term: table ?? '', meaning, table, database });
    }
  };
  for (const line of text.replace(/<!--[\s\S]*?-->/gu, '').split(/\r?\n/u)) {
    const [, level, title] = /^(#{1,6})\s+(.*?)\s*#*\s*$/u.exec(line) ?? [];
    const item = /^\s*[-*+]\s+(.*)$/u.exec(line)?.[1];
    if (title !== undefined) {
      endParagraph();
      const name = plain(title);
      const named = /^database:?\s+(\S+)$/iu.exec(name)?.[1];
      if (named !== undefined) {
        database = named;
      }
      table = named !== undefined || level === '#' ? null : name.replace(/^table:?\s+/iu, '');
    } else if (item !== undefined) {
      endParagraph();
      const [, term, meaning] = /^(.{1,80}?)(?:\s*[:=]\s+|\s+(?:means|is)\s+)(.+)$/u.exec(plain(item)) ?? [];
      if (term === undefined || meaning === undefined) {
        paragraph = [plain(item)];
      } else {
        notes.push({ term: term.trim(), meaning: meaning.trim(), table, database });
      }
    } else if (line.trim() === '') {
      endParagraph();
    } else {
      paragraph.push(plain(line.trim()));
    }
  }
  endParagraph();
  return notes;
}

/** Markdown's marks of code and emphasis taken off. */
function plain(text: string): string {
  return text
    .replace(/`([^`]*)`/gu, '$1')
    .replace(/\*\*([^*]+)\*\*/gu, '$1')
    .trim();
}
