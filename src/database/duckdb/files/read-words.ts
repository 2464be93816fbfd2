import { SqlqError } from '../../../errors.ts';
import type { ReadWords } from './delimited/read.ts';
import { encodingNamed } from './encoding.ts';
import type { Evidence } from './types/decide.ts';

/** What a user says of how files are written, of one table or of all. */
export interface FileWords extends ReadWords {
  readonly decimal: Evidence;
}

const delimiters: Readonly<Record<string, string>> = {
  comma: ',',
  semicolon: ';',
  tab: '\t',
  pipe: '|',
  colon: ':',
  space: ' ',
};
const marks: Readonly<Record<string, '.' | ','>> = { point: '.', comma: ',' };

/** Nothing is said. */
const unsaid: FileWords = { delimiter: null, header: null, encoding: null, decimal: null };

/**
 * What `delimiter=tab`, `header=no`, `encoding=latin1` and `decimal=comma` say of a table, those for that table alone
 * (`sales.delimiter=tab`) last. Throws a SqlqError `usage`.
 */
export function wordsFor(table: string, all: readonly string[]): FileWords {
  const said = all.map(parse);
  const own = said.filter((one) => one.table === null).concat(said.filter((one) => one.table === table));
  return Object.assign({}, unsaid, ...own.map(({ said: words }) => words));
}

function parse(text: string): { readonly table: string | null; readonly said: Partial<FileWords> } {
  const [, table = null, option = '', value = ''] = /^(?:(.+)\.)?([a-z]+)=(.+)$/iu.exec(text.trim()) ?? [];
  const word = value.toLowerCase();
  const saidOf = (): Partial<FileWords> | null => {
    switch (option.toLowerCase()) {
      case 'delimiter': {
        const delimiter = delimiters[word] ?? (value.length === 1 ? value : null);
        return delimiter === null ? null : { delimiter };
      }
      case 'header':
        return word === 'yes' || word === 'no' ? { header: word === 'yes' } : null;
      case 'decimal':
        return marks[word] === undefined ? null : { decimal: marks[word] };
      case 'encoding': {
        const encoding = encodingNamed(value);
        return encoding === null ? null : { encoding };
      }
      default:
        return null;
    }
  };
  const said = saidOf();
  if (said === null) {
    throw new SqlqError('usage', `--read does not take "${text}".`, {
      hint: `It takes delimiter=${Object.keys(delimiters).join('|')} or one character, header=yes|no, decimal=point|comma, encoding=NAME; before it TABLE. for one table alone.`,
    });
  }
  return { table: table?.toLowerCase() ?? null, said };
}
